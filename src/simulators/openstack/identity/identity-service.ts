import type { Cloud } from '../model/cloud';
import type { ApiCall, ApiResult, OpenCall } from '../wire/api-call';
import { PATHS } from '../wire/paths';
import type { OpenRoute, Route } from '../wire/route';
import type { Service } from '../wire/service';
import { applicationCredentialRoutes } from './application-credentials';
import { authenticate } from './authenticate';
import { keystoneError, notFound, unauthorized } from './keystone-error';
import { catalog } from './catalog';
import { projectRoutes } from './project-routes';
import { tokenView } from './token-view';
import type { Token } from './tokens';

const { root, version } = PATHS.identity;

/** Keystone v3: who somebody is, where he may do what, and where the other services are. */
export function identityService(cloud: Cloud): Service {
  const { result: missing } = keystoneError(404, 'The resource could not be found.');
  const { result: unreadable } = keystoneError(400, 'The request body is not valid JSON.');
  const { result: wrongMethod } = keystoneError(405, 'The method is not allowed for the requested URL.');
  return {
    root,
    version,
    openRoutes: openRoutes(cloud),
    routes: [...tokenRoutes(cloud), ...projectRoutes(cloud), ...applicationCredentialRoutes(cloud)],
    refuse: (status) => ({ 400: unreadable, 404: missing, 405: wrongMethod })[status],
    overLimit: (seconds) => {
      const { result } = keystoneError(429, 'This request was rate-limited.');
      return { ...result, headers: { 'Retry-After': String(seconds) } };
    },
  };
}

function openRoutes(cloud: Cloud): readonly OpenRoute[] {
  const versions = ({ origin }: OpenCall): ApiResult => ({
    status: 300,
    body: { versions: { values: [versionOf(origin)] } },
  });
  const v3 = ({ origin }: OpenCall): ApiResult => ({ status: 200, body: { version: versionOf(origin) } });
  return [
    { method: 'GET', pattern: '/', handle: versions },
    { method: 'GET', pattern: version, handle: v3 },
    { method: 'POST', pattern: `${version}/auth/tokens`, handle: (call) => issue(cloud, call) },
  ];
}

function versionOf(origin: string) {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${origin}${root}${version}/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
}

function issue(cloud: Cloud, call: OpenCall): ApiResult {
  const token = cloud.tokens.issue(authenticate(cloud, call.body));
  return tokenReply(cloud, token, call, 201);
}

function tokenReply(cloud: Cloud, token: Token, { origin, query }: OpenCall, status: number): ApiResult {
  const body = tokenView(cloud, token, origin, !query.has('nocatalog'));
  return { status, body, headers: { 'X-Subject-Token': token.id, Vary: 'X-Auth-Token' } };
}

function tokenRoutes(cloud: Cloud): readonly Route[] {
  const subject = ({ headers }: ApiCall): Token => {
    const id = headers['x-subject-token'];
    if (typeof id !== 'string') throw unauthorized();
    const token = cloud.tokens.find(id);
    if (!token) throw notFound('token', '******');
    return token;
  };
  return [
    {
      method: 'GET',
      pattern: '/auth/tokens',
      handle: (call) => tokenReply(cloud, subject(call), call, 200),
    },
    {
      method: 'HEAD',
      pattern: '/auth/tokens',
      handle: (call) => ({ status: 200, headers: { 'X-Subject-Token': subject(call).id } }),
    },
    {
      method: 'DELETE',
      pattern: '/auth/tokens',
      handle: (call) => {
        cloud.tokens.revoke(subject(call).id);
        return { status: 204 };
      },
    },
    {
      method: 'GET',
      pattern: '/auth/catalog',
      handle: ({ origin }) => ({
        status: 200,
        body: { catalog: catalog(origin, cloud.options.region), links: {} },
      }),
    },
  ];
}
