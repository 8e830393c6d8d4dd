'use strict';

const { Server, Socket } = require('node:net');
const { ChildProcess } = require('node:child_process');
const { TestEnvironment } = require('jest-environment-node');

/** What a test file has to close itself. Timers are left out: the runner has some of its own. */
const KINDS = [Server, Socket, ChildProcess];
const GRACE_MS = 2000;

/** A paused socket (the unread rest of a response) keeps nobody waiting, so it may stay. */
function openHandles() {
  return process
    ._getActiveHandles()
    .filter((handle) => KINDS.some((kind) => handle instanceof kind))
    .filter((handle) => !(handle instanceof Socket && handle.isPaused()));
}

/**
 * Fails a test file that leaves sockets, servers or child processes open: in production the same slip keeps the
 * process from draining, and here it would hang the run.
 */
module.exports = class CleanExitEnvironment extends TestEnvironment {
  #path;
  #before = new Set();

  constructor(config, context) {
    super(config, context);
    this.#path = context.testPath;
  }

  async setup() {
    await super.setup();
    // The runner's own sockets, which come to be with the first line that is written, say of a first compilation.
    void [process.stdout, process.stderr];
    this.#before = new Set(openHandles());
  }

  async teardown() {
    const deadline = Date.now() + GRACE_MS;
    while (this.#left().length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const left = this.#left();
    await super.teardown();
    if (left.length === 0) return;
    // The file has failed; what it left open need not hang the run as well.
    for (const handle of left) handle.unref();
    throw new Error(
      `${this.#path} leaves open: ${left.map((handle) => handle.constructor.name).join(', ')}.`,
    );
  }

  #left() {
    return openHandles().filter((handle) => !this.#before.has(handle));
  }
};
