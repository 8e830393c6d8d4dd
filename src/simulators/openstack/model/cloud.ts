import type { Tokens } from '../identity/tokens';
import type { OpenstackSimulatorOptions } from '../options';
import type { Project, User } from './records';
import type { World } from './world';

/** Ids that do not change over a restart. */
export interface Landmarks {
  readonly domainId: string;
  readonly user: User;
  readonly project: Project;
  /** Of the servers that are none of the caller's business. */
  readonly otherProject: Project;
}

/** What every API of the cloud works with. */
export interface Cloud {
  readonly world: World;
  readonly options: OpenstackSimulatorOptions;
  readonly password: string;
  readonly tokens: Tokens;
  readonly landmarks: Landmarks;
}
