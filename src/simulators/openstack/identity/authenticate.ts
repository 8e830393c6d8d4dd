import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { Project, User } from '../model/records';
import { readAs } from '../wire/read';
import { keystoneError, unauthorized } from './keystone-error';
import type { NewToken, Token } from './tokens';

const domainSchema = z.object({ id: z.string().optional(), name: z.string().optional() });
const namedSchema = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  domain: domainSchema.optional(),
});

const authSchema = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).min(1),
      password: z.object({ user: namedSchema.extend({ password: z.string() }) }).optional(),
      application_credential: z
        .object({
          id: z.string().optional(),
          name: z.string().optional(),
          user: namedSchema.optional(),
          secret: z.string(),
        })
        .optional(),
      token: z.object({ id: z.string() }).optional(),
    }),
    scope: z.union([z.object({ project: namedSchema }), z.string()]).optional(),
  }),
});

type Auth = z.output<typeof authSchema>['auth'];
type Named = z.output<typeof namedSchema>;
type Identified = Omit<NewToken, 'projectId' | 'methods'> & { readonly projectId: string | null };

/** @throws ApiError 400 for a body that Keystone cannot read, 401 for everything that is not right */
export function authenticate(cloud: Cloud, body: unknown): NewToken {
  const { auth } = readAs(authSchema, body, (message) => keystoneError(400, message));
  const known = identifyByAll(cloud, auth);
  const projectId = scoped(cloud, auth, known);
  return { ...known, projectId, methods: auth.identity.methods };
}

/** Whoever names several methods has to be the same by each of them. */
function identifyByAll(cloud: Cloud, auth: Auth): Identified {
  const [known, ...others] = auth.identity.methods.map((method) => identify(cloud, auth, method));
  if (!known || others.some(({ userId }) => userId !== known.userId)) throw unauthorized();
  return known;
}

function identify(cloud: Cloud, { identity }: Auth, method: string): Identified {
  const { password, application_credential: credential, token } = identity;
  if (method === 'password' && password) return byPassword(cloud, password.user);
  if (method === 'application_credential' && credential) return byCredential(cloud, credential);
  if (method === 'token' && token) {
    const found = cloud.tokens.find(token.id);
    if (found) return identifiedBy(found);
  }
  throw unauthorized();
}

/** It lives no longer than the one that it was got by. */
function identifiedBy({ userId, applicationCredentialId, projectId, expiresAt }: Token): Identified {
  return { userId, applicationCredentialId, projectId, notAfter: expiresAt };
}

function byPassword(cloud: Cloud, given: Named & { readonly password: string }): Identified {
  const user = findUser(cloud, given);
  if (!user || !same(given.password, cloud.password)) throw unauthorized();
  return { userId: user.id, applicationCredentialId: null, projectId: null, notAfter: null };
}

function byCredential(
  cloud: Cloud,
  given: NonNullable<Auth['identity']['application_credential']>,
): Identified {
  const owner = given.user ? findUser(cloud, given.user) : null;
  const credential = [...cloud.world.applicationCredentials.values()].find(
    ({ id, name, userId }) => id === given.id || (owner?.id === userId && name === given.name),
  );
  if (!credential || !same(given.secret, credential.secret)) throw unauthorized();
  if (credential.expiresAt !== null && credential.expiresAt <= cloud.world.now()) throw unauthorized();
  return {
    userId: credential.userId,
    applicationCredentialId: credential.id,
    projectId: credential.projectId,
    notAfter: credential.expiresAt,
  };
}

function scoped(cloud: Cloud, { scope }: Auth, known: Identified): string {
  const wanted = typeof scope === 'object' ? scope.project : undefined;
  if (known.applicationCredentialId !== null) return ownScope(known, wanted);
  const user = cloud.world.users.get(known.userId);
  const fallback = known.projectId ?? user?.defaultProjectId;
  const projectId = wanted ? findProject(cloud, wanted)?.id : fallback;
  if (projectId === undefined || user?.projectIds.includes(projectId) !== true) throw unauthorized();
  return projectId;
}

/** An application credential is valid in its project only, and asks for no other. */
function ownScope({ projectId }: Identified, wanted: Named | undefined): string {
  if (wanted || projectId === null) throw unauthorized();
  return projectId;
}

function findUser(cloud: Cloud, named: Named): User | undefined {
  if (named.id !== undefined) return cloud.world.users.get(named.id);
  if (!isDomain(cloud, named)) return undefined;
  return [...cloud.world.users.values()].find(({ name }) => name === named.name);
}

function findProject(cloud: Cloud, named: Named): Project | undefined {
  if (named.id !== undefined) return cloud.world.projects.get(named.id);
  if (!isDomain(cloud, named)) return undefined;
  return [...cloud.world.projects.values()].find(({ name }) => name === named.name);
}

/** A name alone says nothing: it is unique in its domain only. */
function isDomain({ landmarks, options }: Cloud, { domain }: Named): boolean {
  return domain?.id === landmarks.domainId || domain?.name === options.domain;
}

function same(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
