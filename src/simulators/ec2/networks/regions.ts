import { ApiError } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import { readFilters } from '../model/filters';
import type { World } from '../model/world';
import { zoneId, zonesOf } from './zones';

export function regionActions(world: World): Actions {
  return {
    DescribeRegions: (parameters) => describeRegions(world, parameters),
    DescribeAvailabilityZones: (parameters) => describeZones(world, parameters),
    DescribeAccountAttributes: (parameters) => describeAccount(world, parameters),
  };
}

/** A region knows of others; here there is one. */
function describeRegions(world: World, parameters: Parameters): XmlObject {
  const { region } = world.options;
  const unknown = parameters.list('RegionName').filter((name) => name !== region);
  if (unknown.length > 0) {
    throw new ApiError('InvalidParameterValue', `Invalid region names: ${unknown.join(', ')}`);
  }
  const record = { id: region, sequence: 1, due: null, tags: [] };
  const endpoint = `ec2.${region}.amazonaws.com`;
  const passes = readFilters<typeof record>(parameters, {
    'region-name': ({ id }) => id,
    endpoint: () => endpoint,
    'opt-in-status': () => 'opt-in-not-required',
  });
  const regionInfo = passes(record)
    ? [{ regionName: region, regionEndpoint: endpoint, optInStatus: 'opt-in-not-required' }]
    : [];
  return { regionInfo };
}

function describeZones(world: World, parameters: Parameters): XmlObject {
  const { region } = world.options;
  const names = parameters.list('ZoneName');
  const zones = zonesOf(region).map((id, sequence) => ({ id, sequence, due: null, tags: [] }));
  const unknown = names.filter((name) => !zones.some(({ id }) => id === name));
  if (unknown.length > 0) {
    throw new ApiError('InvalidParameterValue', `Invalid availability zones: [${unknown.join(', ')}]`);
  }
  const passes = readFilters<(typeof zones)[number]>(parameters, {
    'zone-name': ({ id }) => id,
    'zone-id': ({ id }) => zoneId(id),
    'zone-type': () => 'availability-zone',
    'region-name': () => region,
    'group-name': () => `${region}-zg-1`,
    'opt-in-status': () => 'opt-in-not-required',
    state: () => 'available',
  });
  const listed = zones.filter((zone) => (names.length === 0 || names.includes(zone.id)) && passes(zone));
  return {
    availabilityZoneInfo: listed.map(({ id }) => ({
      optInStatus: 'opt-in-not-required',
      messageSet: [],
      regionName: region,
      zoneName: id,
      zoneId: zoneId(id),
      groupName: `${region}-zg-1`,
      networkBorderGroup: region,
      zoneType: 'availability-zone',
      zoneState: 'available',
    })),
  };
}

function describeAccount(world: World, parameters: Parameters): XmlObject {
  const { maxInstances } = world.options;
  const defaultVpc = world.tables.vpc.allSeen().find(({ isDefault }) => isDefault);
  const values: Readonly<Record<string, string>> = {
    'supported-platforms': 'VPC',
    'default-vpc': defaultVpc?.id ?? 'none',
    'max-instances': String(maxInstances ?? 5_000),
    'vpc-max-security-groups-per-interface': '5',
    'max-elastic-ips': '5',
    'vpc-max-elastic-ips': '5',
  };
  const asked = parameters.list('AttributeName');
  const unknown = asked.find((name) => !Object.hasOwn(values, name));
  if (unknown !== undefined) {
    throw new ApiError('InvalidParameterValue', `Invalid account attribute: ${unknown}`);
  }
  const names = asked.length > 0 ? asked : Object.keys(values);
  return {
    accountAttributeSet: names.map((attributeName) => ({
      attributeName,
      attributeValueSet: [{ attributeValue: values[attributeName] }],
    })),
  };
}
