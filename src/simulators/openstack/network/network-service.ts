import type { Cloud } from '../model/cloud';
import type { ApiCall, OpenCall } from '../wire/api-call';
import { PATHS } from '../wire/paths';
import type { Route } from '../wire/route';
import type { Service } from '../wire/service';
import { floatingIpResource } from './floating-ips';
import { networkResource } from './networks';
import { badRequest, neutronError } from './neutron-error';
import { portResource } from './ports';
import { resourceRoutes } from './resource';
import { routerInterfaceRoutes } from './router-interfaces';
import { routerResource } from './routers';
import { securityGroupRuleResource } from './security-group-rules';
import { defaultGroup, securityGroupResource } from './security-groups';
import { subnetResource } from './subnets';
import { tagRoutes } from './tags';

const { root, version } = PATHS.network;

/** The aliases that clients look for before they use what they stand for. */
const EXTENSIONS = [
  'external-net',
  'extraroute',
  'fip-port-details',
  'net-mtu',
  'network-availability-zone',
  'pagination',
  'port-security',
  'project-id',
  'quotas',
  'router',
  'router_availability_zone',
  'security-group',
  'sorting',
  'standard-attr-description',
  'standard-attr-revisions',
  'standard-attr-tag',
  'standard-attr-timestamp',
  'tag-creation',
];

/** Neutron v2.0. */
export function networkService(cloud: Cloud): Service {
  const { world } = cloud;
  const versions = ({ origin }: OpenCall) => ({
    status: 200,
    body: {
      versions: [
        { id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: `${origin}${root}${version}/` }] },
      ],
    },
  });
  const routes = [
    ...resourceRoutes(world, networkResource(cloud)),
    ...resourceRoutes(world, subnetResource(cloud)),
    ...resourceRoutes(world, portResource(cloud)),
    ...resourceRoutes(world, routerResource(cloud)),
    ...resourceRoutes(world, securityGroupResource(cloud)),
    ...resourceRoutes(world, securityGroupRuleResource(cloud)),
    ...resourceRoutes(world, floatingIpResource(cloud)),
    ...routerInterfaceRoutes(cloud),
    ...tagRoutes(cloud),
    ...aboutRoutes(cloud),
  ].map((route) => withDefaultGroup(cloud, route));
  return {
    root,
    version,
    openRoutes: [{ method: 'GET', pattern: '/', handle: versions }],
    routes,
    refuse: (status) =>
      status === 400
        ? badRequest('Body contains invalid data').result
        : neutronError(404, 'HTTPNotFound', 'The resource could not be found.').result,
    overLimit: (seconds) => {
      const { result } = neutronError(429, 'OverLimit', 'This request was rate-limited.');
      return { ...result, headers: { 'Retry-After': String(seconds) } };
    },
  };
}

/** Neutron makes a project's default group when the project first speaks to it of groups or ports. */
function withDefaultGroup({ world }: Cloud, route: Route): Route {
  if (!/^\/(security-groups|ports)/.test(route.pattern)) return route;
  const handle = (call: ApiCall) => {
    defaultGroup(world, call.caller.projectId);
    return route.handle(call);
  };
  return { ...route, handle };
}

function aboutRoutes({ options }: Cloud): readonly Route[] {
  const { quota } = options;
  const extensions = EXTENSIONS.map((alias) => ({
    name: alias,
    alias,
    description: alias,
    updated: '2020-01-01T00:00:00-00:00',
    links: [],
  }));
  const limits = {
    network: quota.networks,
    subnet: quota.networks,
    subnetpool: -1,
    port: -1,
    router: quota.routers,
    floatingip: quota.floatingIps,
    rbac_policy: 10,
    security_group: quota.securityGroups,
    security_group_rule: -1,
  };
  return [
    { method: 'GET', pattern: '/extensions', handle: () => ({ status: 200, body: { extensions } }) },
    {
      method: 'GET',
      pattern: '/extensions/:alias',
      handle: ({ params }) => {
        const extension = extensions.find(({ alias }) => alias === params['alias']);
        if (extension) return { status: 200, body: { extension } };
        throw neutronError(404, 'HTTPNotFound', 'The resource could not be found.');
      },
    },
    { method: 'GET', pattern: '/quotas/:id', handle: () => ({ status: 200, body: { quota: limits } }) },
    {
      method: 'GET',
      pattern: '/availability_zones',
      handle: () => ({ status: 200, body: { availability_zones: [] } }),
    },
  ];
}
