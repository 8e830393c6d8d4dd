import { ApiError, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Instance } from '../model/records';
import type { World } from '../model/world';
import { reservationView } from './instance-view';
import { launch } from './launch';
import { readClientToken, readLaunchPlan } from './launch-plan';
import { allowed } from './limits';
import type { LaunchFates } from './launch-fates';

const MAX_AT_ONCE = 1_000;

/** As many instances as there may be, at most `MaxCount`; fewer than `MinCount` are none. */
export function runInstances(world: World, fates: LaunchFates, parameters: Parameters): XmlObject {
  const clientToken = readClientToken(parameters);
  const repeated = clientToken === '' ? null : launchedBefore(world, clientToken, parameters.fingerprint());
  if (repeated !== null) return reservationView(world, repeated);
  const { least, most } = readCounts(parameters);
  const { plan, type } = readLaunchPlan(world, parameters, clientToken);
  if (most > 1 && plan.cards.some(({ privateIp }) => privateIp !== null)) {
    throw new ApiError(
      'InvalidParameterCombination',
      'Only one instance can have a given private IP address.',
    );
  }
  const count = allowed(world, type, least, most);
  const reservationId = world.newId('r');
  const instances = Array.from({ length: count }, (_none, launchIndex) =>
    doom(world, fates.next(), launch(world, plan, { reservationId, launchIndex })),
  );
  if (clientToken !== '') {
    const launched = {
      id: clientToken,
      sequence: world.nextSequence(),
      due: null,
      tags: [],
      fingerprint: parameters.fingerprint(),
      reservationId,
      instanceIds: instances.map(({ id }) => id),
    };
    world.tables.launch.put(launched, 0);
  }
  return reservationView(world, instances);
}

/** Nobody is told yet: it looks like any other. */
function doom(world: World, doomedBy: string | null, instance: Instance): Instance {
  if (doomedBy === null) return instance;
  const doomed = { ...instance, doomedBy };
  world.tables.instance.put(doomed, world.now());
  return doomed;
}

function readCounts(parameters: Parameters): { readonly least: number; readonly most: number } {
  const least = parameters.integer('MinCount', 1, MAX_AT_ONCE);
  const most = parameters.integer('MaxCount', 1, MAX_AT_ONCE);
  if (least === null) throw missingParameter('MinCount');
  if (most === null) throw missingParameter('MaxCount');
  if (least > most) {
    const message = `Value (${least}) for parameter minCount is invalid. It must not exceed maxCount (${most}).`;
    throw new ApiError('InvalidParameterValue', message);
  }
  return { least, most };
}

/**
 * What the same request has launched already, null when there was none.
 * @throws ApiError when the token was used for another request, or nothing is left of what it launched
 */
function launchedBefore(world: World, token: string, fingerprint: string): readonly Instance[] | null {
  const before = world.tables.launch.get(token);
  if (before === null) return null;
  if (before.fingerprint !== fingerprint) {
    throw new ApiError(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
  const instances = before.instanceIds.flatMap((id) => world.tables.instance.get(id) ?? []);
  if (instances.every(({ state }) => state === 'terminated')) {
    throw new ApiError(
      'IdempotentInstanceTerminated',
      'The request uses the same client token as a previous request whose instance has been terminated.',
    );
  }
  return instances;
}
