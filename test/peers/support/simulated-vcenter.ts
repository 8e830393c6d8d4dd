import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Peer } from './start-peer';
import { startPeer } from './start-peer';

const PEER = resolve(__dirname, '../vsphere-simulator');
/** Debian's own, for which Debian's pyvmomi is installed. */
const PYTHON = '/usr/bin/python3';
const GO_CLIENT = resolve(__dirname, '../../../.peers/vsphere-simulator/bin/govmomi-client');
const MOST_OUTPUT_BYTES = 16 * 1024 ** 2;

/** What a client saw; a test knows what it asked for. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Seen = any;

/** One machine as the simulator itself keeps it. */
export interface MachineRecord {
  readonly kind: 'MACHINE';
  readonly name: string;
  readonly uuid: string;
  readonly template: boolean;
  readonly powerState: string;
  readonly hardware: {
    readonly cpuCount: number;
    readonly memoryMib: number;
    readonly devices: readonly {
      readonly kind: string;
      readonly capacityBytes?: number;
      readonly macAddress?: string;
    }[];
  };
}

/** The simulated vCenter as a process of its own behind TLS, and clients of it that others wrote. */
export class SimulatedVcenter {
  private constructor(readonly peer: Peer) {}

  static async start(): Promise<SimulatedVcenter> {
    return new SimulatedVcenter(await startPeer('vsphere-simulator'));
  }

  /** Of the authority that signed its certificate. */
  get authority(): string {
    return join(this.peer.dir, 'ca.pem');
  }

  /** Runs `python/NAME.py` with pyvmomi. @throws when a reply was not as the WSDL has it, or the script failed */
  async python(name: string): Promise<Seen> {
    return runPython(name, [new URL(this.peer.address).port, this.authority]);
  }

  /** Runs the program of `govmomi/main.go`. */
  async govmomi(): Promise<Seen> {
    if (!existsSync(GO_CLIENT)) await promisify(execFile)('bash', [join(PEER, 'peer.sh'), 'install']);
    const { stdout } = await run(GO_CLIENT, [this.peer.address, this.authority]);
    return JSON.parse(stdout);
  }

  /** Stops it, reads what it has kept of its inventory, and starts it again. */
  async machines(): Promise<readonly MachineRecord[]> {
    await this.peer.run('stop');
    const state = await readFile(join(this.peer.dir, 'state.json'), 'utf8');
    await this.peer.run('start');
    const { entities } = JSON.parse(state) as { entities: readonly (MachineRecord | { kind: 'OTHER' })[] };
    return entities.filter((one) => one.kind === 'MACHINE');
  }

  stop(): Promise<void> {
    return this.peer.stop();
  }
}

/** Runs `python/NAME.py`, which needs no vCenter when it gets no arguments. */
export async function runPython(name: string, args: readonly string[] = []): Promise<Seen> {
  // Without -B the byte code would be written next to the scripts.
  const { stdout } = await run(PYTHON, ['-B', join(PEER, 'python', `${name}.py`), ...args]);
  const { seen, violations } = JSON.parse(stdout) as { seen: Seen; violations: readonly string[] };
  if (violations.length > 0) throw new Error(`Not as the WSDL has it:\n${violations.join('\n')}`);
  return seen;
}

function run(program: string, args: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(program, args, { maxBuffer: MOST_OUTPUT_BYTES });
}
