'use strict';

const { TestEnvironment } = require('jest-environment-node');

/** What a test file has to close itself. Timers are left out: the runner has some of its own. */
const HANDLES = [
  'TCPServerWrap',
  'TCPSocketWrap',
  'PipeWrap',
  'ProcessWrap',
  'UDPWrap',
  'FSEventWrap',
  'Worker',
];
const GRACE_MS = 2000;

function openHandles() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/**
 * Fails a test file that leaves sockets, servers or child processes open: in production the same slip keeps the
 * process from draining, and here it would hang the run.
 */
module.exports = class CleanExitEnvironment extends TestEnvironment {
  #path;
  #before = new Map();
  #handlesBefore = new Set();

  constructor(config, context) {
    super(config, context);
    this.#path = context.testPath;
  }

  async setup() {
    await super.setup();
    this.#before = openHandles();
    this.#handlesBefore = new Set(process._getActiveHandles());
  }

  async teardown() {
    const deadline = Date.now() + GRACE_MS;
    let left = this.#left();
    while (left.length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      left = this.#left();
    }
    await super.teardown();
    if (left.length === 0) return;
    this.#letTheRunEnd();
    throw new Error(`${this.#path} leaves open: ${left.join(', ')}.`);
  }

  /** The file has failed; what it left open need not hang the run as well. */
  #letTheRunEnd() {
    for (const handle of process._getActiveHandles()) {
      if (!this.#handlesBefore.has(handle)) handle.unref?.();
    }
  }

  #left() {
    const now = openHandles();
    return HANDLES.map((kind) => [kind, (now.get(kind) ?? 0) - (this.#before.get(kind) ?? 0)])
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `${count} ${kind}`);
  }
};
