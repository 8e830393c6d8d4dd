import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { Keypair } from '../model/records';
import type { World } from '../model/world';
import type { ApiCall, ApiResult } from '../wire/api-call';
import { readAs } from '../wire/read';
import type { Route } from '../wire/route';
import { isoNaive } from '../wire/times';
import { badRequest, novaError } from './nova-error';

const createSchema = z.object({
  keypair: z.object({
    name: z.string().min(1).max(255),
    type: z.enum(['ssh', 'x509']).optional(),
    public_key: z.string({ error: "'public_key' is a required property" }),
  }),
});

/** Public keys of a user, by their names; Nova makes none itself any more. */
export function keypairRoutes({ world }: Cloud): readonly Route[] {
  const keyOf = ({ params, caller }: ApiCall): string => `${caller.userId}/${params['name'] ?? ''}`;
  const one = (call: ApiCall): Keypair => {
    const found = world.keypairs.get(keyOf(call));
    if (found) return found;
    throw novaError(404, `Keypair ${call.params['name'] ?? ''} not found for user ${call.caller.userId}`);
  };
  return [
    {
      method: 'GET',
      pattern: '/os-keypairs',
      handle: ({ caller }) => {
        const own = [...world.keypairs.values()].filter(({ userId }) => userId === caller.userId);
        return { status: 200, body: { keypairs: own.map((keypair) => ({ keypair: view(keypair) })) } };
      },
    },
    { method: 'POST', pattern: '/os-keypairs', handle: (call) => create(world, call) },
    {
      method: 'GET',
      pattern: '/os-keypairs/:name',
      handle: (call) => {
        const keypair = one(call);
        const times = { created_at: isoNaive(keypair.createdAt), updated_at: null, deleted_at: null };
        const body = { ...view(keypair), user_id: keypair.userId, id: 1, deleted: false, ...times };
        return { status: 200, body: { keypair: body } };
      },
    },
    {
      method: 'DELETE',
      pattern: '/os-keypairs/:name',
      handle: (call) => {
        one(call);
        world.keypairs.delete(keyOf(call));
        world.changed();
        return { status: 204 };
      },
    },
  ];
}

function create(world: World, call: ApiCall): ApiResult {
  const { keypair: asked } = readAs(createSchema, call.body, badRequest);
  const { userId } = call.caller;
  const keypair: Keypair = {
    name: asked.name,
    userId,
    type: asked.type ?? 'ssh',
    publicKey: asked.public_key,
    fingerprint: fingerprintOf(asked.public_key),
    createdAt: world.now(),
  };
  const key = `${userId}/${asked.name}`;
  if (world.keypairs.has(key)) throw novaError(409, `Key pair '${asked.name}' already exists.`);
  world.keypairs.set(key, keypair);
  world.changed();
  return { status: 201, body: { keypair: { ...view(keypair), user_id: userId } } };
}

function view({ name, type, publicKey, fingerprint }: Keypair) {
  return { name, type, public_key: publicKey, fingerprint };
}

/** @throws ApiError 400 for what is no key */
function fingerprintOf(publicKey: string): string {
  const [, blob = ''] = /^(?:ssh|ecdsa|sk)-\S+\s+([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(publicKey) ?? [];
  if (blob === '') throw badRequest('Keypair data is invalid: failed to generate fingerprint');
  const digest = createHash('md5').update(Buffer.from(blob, 'base64')).digest('hex');
  return digest.replace(/..(?=.)/g, '$&:');
}
