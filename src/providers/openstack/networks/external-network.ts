import { AppError } from '../../../kernel';
import type { CallContext } from '../../contract';
import type { Network } from '../client';
import type { Cloud } from '../cloud';

/** The network that routers lead to and that floating IPs come from. @throws FAILED_PRECONDITION where there is none */
export async function requireExternalNetwork(
  { client, config }: Cloud,
  context: CallContext,
): Promise<Network> {
  const external = await client.network.networks.list({ 'router:external': true }, context);
  const wanted = config.externalNetwork;
  const found = chooseExternalNetwork(external, wanted);
  if (found !== null) return found;
  const which = wanted === undefined ? 'no external network' : 'no external network of the configured name';
  throw new AppError('FAILED_PRECONDITION', `The cloud has ${which}.`);
}

/** By id, or the first by name of those that fit. */
export function chooseExternalNetwork(
  external: readonly Network[],
  wanted: string | undefined,
): Network | null {
  const byId = external.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const fitting = external.filter(({ name }) => wanted === undefined || name === wanted);
  return (
    fitting.sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)))[0] ?? null
  );
}
