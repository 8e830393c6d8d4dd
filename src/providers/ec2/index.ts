import type { ProviderFactory } from '../contract';
import { openAccount } from './account';
import { configSchema } from './config';
import { Ec2Provider } from './provider';

/** Instances of one account in one region of EC2, or of what speaks its API. */
export const ec2Provider: ProviderFactory<typeof configSchema> = {
  kind: 'ec2',
  configSchema,
  create: (config, environment) => new Ec2Provider(openAccount(config, environment)),
};
