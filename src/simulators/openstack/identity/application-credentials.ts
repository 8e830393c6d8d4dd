import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { ApplicationCredential } from '../model/records';
import type { ApiCall } from '../wire/api-call';
import { readAs } from '../wire/read';
import type { Route } from '../wire/route';
import { isoMicroseconds, parseTime } from '../wire/times';
import { keystoneError, notFound } from './keystone-error';
import { ROLES } from './token-view';

const PATH = '/users/:user/application_credentials';

const createSchema = z.object({
  application_credential: z.object({
    name: z.string().min(1).max(255),
    description: z.string().nullish(),
    secret: z.string().min(1).nullish(),
    expires_at: z.string().nullish(),
    unrestricted: z.boolean().nullish(),
  }),
});

/** Credentials of programs: valid in one project, and revoked without changing a password. */
export function applicationCredentialRoutes(cloud: Cloud): readonly Route[] {
  const { world } = cloud;
  const ownOf = ({ caller, params }: ApiCall): readonly ApplicationCredential[] => {
    if (params['user'] !== caller.userId) {
      throw keystoneError(403, 'You are not authorized to perform the requested action.');
    }
    return [...world.applicationCredentials.values()].filter(({ userId }) => userId === caller.userId);
  };
  const oneOf = (call: ApiCall): ApplicationCredential => {
    const found = ownOf(call).find(({ id }) => id === call.params['id']);
    if (!found) throw notFound('application credential', call.params['id'] ?? '');
    return found;
  };
  return [
    {
      method: 'GET',
      pattern: PATH,
      handle: (call) => {
        const name = call.query.get('name');
        const found = ownOf(call).filter((one) => name === null || one.name === name);
        return { status: 200, body: { application_credentials: found.map(view), links: {} } };
      },
    },
    {
      method: 'POST',
      pattern: PATH,
      handle: (call) => {
        refuseRestricted(cloud, call);
        return create(cloud, call, ownOf(call));
      },
    },
    {
      method: 'GET',
      pattern: `${PATH}/:id`,
      handle: (call) => ({ status: 200, body: { application_credential: view(oneOf(call)) } }),
    },
    {
      method: 'DELETE',
      pattern: `${PATH}/:id`,
      handle: (call) => {
        refuseRestricted(cloud, call);
        const { id } = oneOf(call);
        world.applicationCredentials.delete(id);
        cloud.tokens.revokeAll(id);
        world.changed();
        return { status: 204 };
      },
    },
  ];
}

/** A credential makes and removes others only where it was made for that. */
function refuseRestricted({ tokens, world }: Cloud, call: ApiCall): void {
  const id = tokens.find(String(call.headers['x-auth-token']))?.applicationCredentialId ?? null;
  if (id === null || world.applicationCredentials.get(id)?.unrestricted === true) return;
  throw keystoneError(
    403,
    "Using method 'application_credential' is not allowed for managing additional application credentials.",
  );
}

function create(cloud: Cloud, call: ApiCall, others: readonly ApplicationCredential[]) {
  const { application_credential: asked } = readAs(createSchema, call.body, (message) =>
    keystoneError(400, message),
  );
  if (others.some(({ name }) => name === asked.name)) {
    throw keystoneError(
      409,
      `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${asked.name}.`,
    );
  }
  const credential: ApplicationCredential = {
    id: randomUUID().replaceAll('-', ''),
    name: asked.name,
    description: asked.description ?? null,
    secret: asked.secret ?? randomBytes(64).toString('base64url'),
    userId: call.caller.userId,
    projectId: call.caller.projectId,
    unrestricted: asked.unrestricted ?? false,
    expiresAt: asked.expires_at == null ? null : parseTime(asked.expires_at),
  };
  cloud.world.applicationCredentials.set(credential.id, credential);
  cloud.world.changed();
  const body = { application_credential: { ...view(credential), secret: credential.secret } };
  return { status: 201, body };
}

/** Without the secret, which is told once. */
function view(credential: ApplicationCredential) {
  const { id, name, description, userId, projectId, unrestricted, expiresAt } = credential;
  return {
    id,
    name,
    description,
    user_id: userId,
    project_id: projectId,
    unrestricted,
    expires_at: expiresAt === null ? null : isoMicroseconds(expiresAt),
    roles: ROLES,
  };
}
