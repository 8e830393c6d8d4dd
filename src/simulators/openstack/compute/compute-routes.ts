import type { Cloud } from '../model/cloud';
import type { Route } from '../wire/route';
import { MAX_METADATA } from './create-server';
import { novaError } from './nova-error';
import { usageOf } from './work/capacity';

const MAX_KEYPAIRS = 100;

/** What the cloud says of itself: limits, quotas and zones. */
export function aboutRoutes(cloud: Cloud): readonly Route[] {
  const zone = { zoneName: 'nova', zoneState: { available: true }, hosts: null };
  return [
    limitsRoute(cloud),
    quotaRoute(cloud),
    {
      method: 'GET',
      pattern: '/os-availability-zone',
      handle: () => ({ status: 200, body: { availabilityZoneInfo: [zone] } }),
    },
    {
      method: 'GET',
      pattern: '/os-availability-zone/detail',
      handle: () => {
        throw novaError(
          403,
          "Policy doesn't allow os_compute_api:os-availability-zone:detail to be performed.",
        );
      },
    },
    { method: 'GET', pattern: '/extensions', handle: () => ({ status: 200, body: { extensions: [] } }) },
  ];
}

function limitsRoute(cloud: Cloud): Route {
  const { quota } = cloud.options;
  return {
    method: 'GET',
    pattern: '/limits',
    handle: ({ caller }) => {
      const used = usageOf(cloud, caller.projectId);
      const absolute = {
        maxTotalInstances: quota.instances,
        maxTotalCores: quota.cores,
        maxTotalRAMSize: quota.memoryMib,
        maxServerMeta: MAX_METADATA,
        maxTotalKeypairs: MAX_KEYPAIRS,
        maxServerGroups: 10,
        maxServerGroupMembers: 10,
        totalInstancesUsed: used.instances,
        totalCoresUsed: used.cores,
        totalRAMUsed: used.memoryMib,
        totalServerGroupsUsed: 0,
      };
      return { status: 200, body: { limits: { rate: [], absolute } } };
    },
  };
}

function quotaRoute({ options: { quota } }: Cloud): Route {
  return {
    method: 'GET',
    pattern: '/os-quota-sets/:id',
    handle: ({ params, caller }) => {
      if (params['id'] !== caller.projectId) {
        throw novaError(403, "Policy doesn't allow os_compute_api:os-quota-sets:show to be performed.");
      }
      const quotaSet = {
        id: caller.projectId,
        instances: quota.instances,
        cores: quota.cores,
        ram: quota.memoryMib,
        key_pairs: MAX_KEYPAIRS,
        metadata_items: MAX_METADATA,
        server_groups: 10,
        server_group_members: 10,
      };
      return { status: 200, body: { quota_set: quotaSet } };
    },
  };
}
