import { ConfigError, loadConfig } from './config';
import type { Config } from './config';
import { startGateway } from './gateway/gateway';
import type { Gateway } from './gateway/gateway';
import { armCrashPoints, disableProtections } from './kernel';
import { createLogger } from './gateway/logging';
import { backendConfigSchemas } from './providers/registry';
import { SIMULATORS } from './simulators/registry';
import { welcome } from './gateway/welcome';

/** A second signal, or this long after the drain time, ends the process however far it is. */
const LAST_RESORT_MS = 5_000;

function readConfig(): Config | null {
  try {
    return loadConfig({ providers: backendConfigSchemas(), simulators: SIMULATORS });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return null;
  }
}

function stopOnSignals(gateway: Gateway, config: Config): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), config.server.drainMs + LAST_RESORT_MS).unref();
    gateway.close(`Service restarting (${signal})`).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function main(): Promise<void> {
  // The database holds what only its owner may read.
  process.umask(0o077);
  const config = readConfig();
  if (!config) {
    process.exitCode = 78; // EX_CONFIG of sysexits.h
    return;
  }
  armCrashPoints([config.faults?.crashAt ?? []].flat());
  disableProtections(config.faults?.disable ?? []);
  const logger = createLogger({ level: config.logging.level });
  for (const notice of config.notices) logger.warn({}, notice);
  const gateway = await startGateway({ config, logger });
  stopOnSignals(gateway, config);
  logger.info({ url: gateway.http.url, config: config.source }, 'The gateway listens.');
  if (gateway.newAdminToken !== null) {
    process.stdout.write(welcome(gateway.http.url, gateway.newAdminToken));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The gateway could not start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
