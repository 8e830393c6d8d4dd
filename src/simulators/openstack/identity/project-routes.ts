import type { Cloud } from '../model/cloud';
import type { Project, User } from '../model/records';
import type { ApiCall } from '../wire/api-call';
import type { Route } from '../wire/route';
import { keystoneError, notFound } from './keystone-error';

/** A member reads himself and the projects in which he has a role, and nobody else. */
export function projectRoutes(cloud: Cloud): readonly Route[] {
  const { world } = cloud;
  const user = ({ params, caller }: ApiCall): User => {
    if (params['id'] !== caller.userId) throw forbidden();
    const found = world.users.get(caller.userId);
    if (!found) throw notFound('user', caller.userId);
    return found;
  };
  const projectsOf = ({ caller }: ApiCall): readonly Project[] => {
    const ids = world.users.get(caller.userId)?.projectIds ?? [];
    return ids.flatMap((id) => world.projects.get(id) ?? []);
  };
  const project = (call: ApiCall): Project => {
    const found = projectsOf(call).find(({ id }) => id === call.params['id']);
    if (!found) throw forbidden();
    return found;
  };
  const list = (call: ApiCall) => ({
    status: 200,
    body: { projects: projectsOf(call).map((one) => projectView(cloud, one)), links: {} },
  });
  return [
    {
      method: 'GET',
      pattern: '/users/:id',
      handle: (call) => ({ status: 200, body: { user: userView(cloud, user(call)) } }),
    },
    {
      method: 'GET',
      pattern: '/projects/:id',
      handle: (call) => ({ status: 200, body: { project: projectView(cloud, project(call)) } }),
    },
    { method: 'GET', pattern: '/users/:id/projects', handle: (call) => (user(call), list(call)) },
    { method: 'GET', pattern: '/auth/projects', handle: list },
    { method: 'GET', pattern: '/projects', handle: () => refuse() },
    { method: 'GET', pattern: '/users', handle: () => refuse() },
  ];
}

function forbidden() {
  return keystoneError(403, 'You are not authorized to perform the requested action.');
}

function refuse(): never {
  throw forbidden();
}

function userView({ landmarks }: Cloud, { id, name, defaultProjectId }: User) {
  return {
    id,
    name,
    domain_id: landmarks.domainId,
    default_project_id: defaultProjectId,
    enabled: true,
    password_expires_at: null,
    options: {},
    links: {},
  };
}

function projectView({ landmarks }: Cloud, { id, name }: Project) {
  return {
    id,
    name,
    domain_id: landmarks.domainId,
    parent_id: landmarks.domainId,
    description: '',
    enabled: true,
    is_domain: false,
    tags: [],
    options: {},
    links: {},
  };
}
