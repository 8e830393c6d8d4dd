import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Listening, Order, Usage } from './protocol';

const RUN_TYPESCRIPT = join(__dirname, '../../test/support/run-typescript.cjs');

/** A server under test, in a process of its own: what it costs is told by its own clock of CPU time. */
export class ServerProcess {
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(program: 'gateway-server' | 'stock-server'): Promise<ServerProcess> {
    const file = join(__dirname, `${program}.ts`);
    const child = spawn(process.execPath, ['--expose-gc', RUN_TYPESCRIPT, file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [{ port }] = (await once(child, 'message')) as [Listening];
    return new ServerProcess(child, `ws://127.0.0.1:${port}/graphql`);
  }

  /** One order at a time; each is answered with what the server has used by then. */
  private order(order: Order): Promise<Usage> {
    const obeyed = this.last.then(async () => {
      const answered = once(this.child, 'message');
      this.child.send(order);
      const [usage] = (await answered) as [Usage];
      return usage;
    });
    this.last = obeyed;
    return obeyed;
  }

  /** Resolves when the server has them: written down here, handed to its subscribers there. */
  emit(count: number): Promise<Usage> {
    return this.order({ do: 'emit', count });
  }

  usage(): Promise<Usage> {
    return this.order({ do: 'usage' });
  }

  /** After a garbage collection. */
  idleUsage(): Promise<Usage> {
    return this.order({ do: 'collect' });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect(); // it ends with that
    await exited;
  }
}
