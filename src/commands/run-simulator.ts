import { createLogger } from '../gateway/logging';
import { UsageError, readSimulatorCommand, simulatorHelp } from './simulator-command';
import type { SimulatorCommand } from './simulator-command';
import type { SimulatorFactories } from '../simulators/registry';
import type { RunningSimulator } from '../simulators/simulator';

const EX_USAGE = 64; // of sysexits.h
const LOOPBACK = '127.0.0.1';

function readCommand(args: readonly string[], simulators: SimulatorFactories): SimulatorCommand | null {
  try {
    const command = readSimulatorCommand(args, simulators);
    if (command === null) process.stdout.write(simulatorHelp(simulators));
    return command;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`The command line cannot be used:\n  ${error.problems.join('\n  ')}\n`);
    process.exitCode = EX_USAGE;
    return null;
  }
}

function greeting(kind: string, { connection }: RunningSimulator): string {
  const entries = Object.entries(connection);
  const width = Math.max(...entries.map(([key]) => key.length));
  const lines = entries.map(([key, value]) => `    ${key.padEnd(width)}  ${value}`);
  const keys = entries.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ');
  return `
  A simulated ${kind} is running.

${lines.join('\n')}

  As one of a gateway's backends:

    - { name: simulated, kind: ${kind}, location: INTERNAL, ${keys} }

  Ctrl+C ends it.

`;
}

function fail(error: unknown): void {
  process.stderr.write(`The simulator failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function stopOnSignals(simulator: RunningSimulator): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    simulator.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function start({ factory, port, options }: SimulatorCommand): Promise<void> {
  const logger = createLogger({ level: 'warn' });
  const simulator = await factory.start(options, { host: LOOPBACK, port, logger });
  stopOnSignals(simulator);
  process.stdout.write(greeting(factory.kind, simulator));
}

/** Makes this process a simulator until a signal ends it. */
export function runSimulator(args: readonly string[], simulators: SimulatorFactories): void {
  // The state file holds what only its owner may read.
  process.umask(0o077);
  const command = readCommand(args, simulators);
  if (command) start(command).catch(fail);
}
