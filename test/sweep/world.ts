import { describeApi } from '../../src/gateway/api-resolvers';
import type { Variables } from '../support/api/api-answer';
import type { ApiClient } from '../support/api/api-client';
import { createTenancy } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { makeEstate } from './estate';
import type { Estate } from './estate';
import { OBJECT_ROWS } from './object-rows';
import { ROOT_ROWS } from './root-rows';
import type { Row, RowOf } from './row';

/** Stands in everything that tenant B chose, and in nothing else. */
export const CANARY = 'canary';

export const ROWS: Readonly<Record<string, Row>> = { ...OBJECT_ROWS, ...ROOT_ROWS };
export const SCHEMA = describeApi();

export function rowsOf<Kind extends Row['kind']>(kind: Kind): [string, RowOf<Kind>][] {
  return Object.entries(ROWS).filter((entry): entry is [string, RowOf<Kind>] => entry[1].kind === kind);
}

/** Two tenants on one gateway, each with one of everything. */
export interface World {
  readonly gateway: TestGateway;
  readonly admin: ApiClient;
  readonly a: Tenancy;
  readonly b: Tenancy;
  readonly ofA: Estate;
  readonly ofB: Estate;
}

/** The walk asks for far more at once than clients may. */
const NO_LIMITS = {
  ...{ maxDepth: 100, maxAliases: 100_000, maxTokens: 1_000_000, maxCost: 1e12 },
  ...{ maxBodyBytes: 4_000_000, maxSocketPayloadBytes: 4_000_000 },
};

export async function makeWorld(): Promise<World> {
  const gateway = await TestGateway.start({ limits: NO_LIMITS });
  const { admin } = gateway;
  const [a, b] = [
    await createTenancy(admin, 'alpha', 'Alpha Ltd'),
    await createTenancy(admin, CANARY, `${CANARY} Ltd`),
  ];
  const ofA = await makeEstate(admin, a, 'plain');
  return { gateway, admin, a, b, ofA, ofB: await makeEstate(admin, b, CANARY) };
}

/** A copy of the variables with one value, deep inside, put in its place. */
export function withValue(variables: Variables, path: string, value: string): Variables {
  const [head = '', ...rest] = path.split('.');
  const inner = variables[head];
  if (rest.length > 0)
    return { ...variables, [head]: withValue((inner ?? {}) as Variables, rest.join('.'), value) };
  return { ...variables, [head]: Array.isArray(inner) ? [value] : value };
}

/** An answer without what may differ between two requests: the request's id and the id that was asked for. */
export function withoutIds(answer: unknown, asked: string): string {
  return JSON.stringify(answer)
    .replaceAll(asked, 'ASKED')
    .replaceAll(/"requestId":"[^"]+"/g, '"requestId":"ONE"');
}
