import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const RUN = join(__dirname, '../support/run-typescript.cjs');
const SIMULATE = join(__dirname, '../support/simulate-fake.ts');

/** A simulator in a process of its own, as `npm run simulate` starts it. */
class Simulation {
  output = '';
  errors = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, [RUN, SIMULATE, ...args]);
    this.child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  async running(): Promise<void> {
    while (!this.output.includes('ends it.')) {
      await Promise.race([
        once(this.child.stdout, 'data'),
        this.ended.then(() => Promise.reject(new Error(this.errors))),
      ]);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}

describe('npm run simulate', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'says how to reach it, and ends in good order on %s',
    async (signal) => {
      const simulation = new Simulation('fake', '--port', '0', '--vms', '3');
      await simulation.running();
      const url = /^ +url +(tcp:\S+)$/m.exec(simulation.output)?.[1] ?? '';
      expect(simulation.output).toContain(`secret  secret of ${url}`);
      expect(simulation.output).toContain(
        `kind: fake, location: INTERNAL, url: "${url}", secret: "secret of ${url}"`,
      );
      const { hostname, port } = new URL(url);
      const socket = createConnection({ host: hostname, port: Number(port) });
      await once(socket, 'connect');
      socket.destroy();
      simulation.signal(signal);
      expect(await simulation.ended).toBe(0);
      expect(simulation.errors).toBe('');
    },
  );

  it('prints its help', async () => {
    const simulation = new Simulation('--help');
    expect(await simulation.ended).toBe(0);
    expect(simulation.output).toMatch(/^usage: npm run simulate -- KIND \[options\]\n\nfake:\n {2}--port N/);
  });

  it('names what is wrong with the command line', async () => {
    const simulation = new Simulation('fake', '--vms', 'many', '--speed', 'high');
    expect(await simulation.ended).toBe(64);
    expect(simulation.errors).toMatch(/^The command line cannot be used:\n( {2}.*\n)* {2}--vms: expected/);
    expect(simulation.errors).toContain('--speed: unknown option');
    expect(simulation.output).toBe('');
  });

  it('says so when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const simulation = new Simulation('fake', '--port', `${(other.address() as AddressInfo).port}`);
    expect(await simulation.ended).toBe(1);
    expect(simulation.errors).toMatch(/^The simulator failed: .*EADDRINUSE/);
    await once(other.close(), 'close');
  });
});
