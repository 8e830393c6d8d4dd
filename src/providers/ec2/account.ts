import type { Subnet } from '@aws-sdk/client-ec2';
import { KeyedLock } from '../../kernel';
import type { Logger } from '../../kernel';
import type { ProviderEnvironment } from '../contract';
import { Ec2Client } from './client';
import type { Ec2Config } from './config';
import { ExpiringCache } from './expiring-cache';
import type { Image } from './map-image';
import { InstanceReader } from './instances';
import { InstanceTypes } from './instance-types';
import { Ec2Line } from './line';

/** For facts that do not change once they are there; a request that relies on one is told when it is gone. */
const FACT_LIFE_MS = 60_000;
const MAX_FACTS = 1_000;

/** One configured account in one region: what all parts of the provider share. */
export interface Ec2Account {
  readonly line: Ec2Line;
  readonly config: Ec2Config;
  readonly logger: Logger;
  /** Keeps changes of one object in this process apart. */
  readonly locks: KeyedLock;
  readonly instances: InstanceReader;
  readonly types: InstanceTypes;
  /** By id. */
  readonly images: ExpiringCache<Image>;
  /** By the filter that finds it. */
  readonly subnets: ExpiringCache<Subnet>;
  /** The ids of tenants' groups for VMs without a network, by VPC and name. */
  readonly groups: ExpiringCache<string>;
}

/** Does not connect. */
export function openAccount(config: Ec2Config, environment: ProviderEnvironment): Ec2Account {
  const { region, endpoint, accessKeyId, secretAccessKey, sessionToken, callTimeoutMs, maxAttempts } = config;
  const client = new Ec2Client({
    region,
    accessKeyId,
    secretAccessKey,
    callTimeoutMs,
    maxAttempts,
    ...(endpoint !== undefined && { endpoint }),
    ...(sessionToken !== undefined && { sessionToken }),
  });
  const line = new Ec2Line(client, environment.requests);
  const types = new InstanceTypes(line, config.instanceTypes);
  return {
    line,
    config,
    logger: environment.logger.child({ backend: environment.backendName }),
    locks: new KeyedLock(),
    instances: new InstanceReader(line, types),
    types,
    images: new ExpiringCache(FACT_LIFE_MS, MAX_FACTS),
    subnets: new ExpiringCache(FACT_LIFE_MS, MAX_FACTS),
    groups: new ExpiringCache(FACT_LIFE_MS, MAX_FACTS),
  };
}
