import { createLogger } from './logging';
import { UsageError, readSimulatorCommand, simulatorHelp } from './simulator-command';
import type { SimulatorCommand } from './simulator-command';
import { SIMULATORS } from './simulators/registry';
import type { RunningSimulator } from './simulators/simulator';

const EX_USAGE = 64; // of sysexits.h

function readCommand(): SimulatorCommand | null {
  try {
    const command = readSimulatorCommand(process.argv.slice(2), SIMULATORS);
    if (command === null) process.stdout.write(simulatorHelp(SIMULATORS));
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

async function main(): Promise<void> {
  // The state file holds what only its owner may read.
  process.umask(0o077);
  const command = readCommand();
  if (!command) return;
  const { factory, port, options } = command;
  const logger = createLogger({ level: 'warn' });
  const simulator = await factory.start(options, { host: '127.0.0.1', port, logger });
  stopOnSignals(simulator);
  process.stdout.write(greeting(factory.kind, simulator));
}

function fail(error: unknown): void {
  process.stderr.write(`The simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
