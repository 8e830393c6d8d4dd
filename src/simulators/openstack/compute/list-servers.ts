import type { Cloud } from '../model/cloud';
import type { Server } from '../model/server-record';
import type { ApiCall, ApiResult } from '../wire/api-call';
import { parseTime } from '../wire/times';
import { isOf, isSettled } from './find-server';
import { nextLink } from './links';
import { badRequest, novaError } from './nova-error';
import { statusOf, STATUSES } from './server-status';

type Test = (server: Server) => boolean;

/** What may stand in a query. Those of which no test is made below are for administrators, and nothing to others. */
const KNOWN: ReadonlySet<string> = new Set(
  `access_ip_v4 access_ip_v6 all_tenants availability_zone changes-before changes-since config_drive created_at
  deleted description display_description display_name flavor host hostname image image_ref ip ip6 kernel_id key_name
  launch_index launched_at limit locked locked_by marker name node not-tags not-tags-any power_state progress
  project_id ramdisk_id reservation_id root_device_name soft_deleted sort_dir sort_key status tags tags-any task_state
  tenant_id terminated_at user_id uuid vm_state`.split(/\s+/),
);

/** `GET /servers` and `/servers/detail`: the caller's, newest first, a page at a time. */
export function listServers(
  cloud: Cloud,
  call: ApiCall,
  path: 'servers' | 'servers/detail',
  view: (server: Server) => object,
): ApiResult {
  const { query, caller } = call;
  if (isTrue(query.get('all_tenants'))) {
    const name = path === 'servers' ? 'index' : 'detail';
    const words = `Policy doesn't allow os_compute_api:servers:${name}:get_all_tenants to be performed.`;
    throw novaError(403, words);
  }
  const unknown = [...query.keys()].find((key) => !KNOWN.has(key) && !key.startsWith('_'));
  // Before that Nova passed over what it did not know.
  if (unknown !== undefined && call.microversion >= 75) {
    throw badRequest(`'${unknown}' does not match any of the regexes: '^_'`);
  }
  const tests = testsOf(query);
  const found = [...cloud.world.servers.values()].filter(
    (server) => isOf(server, caller) && isSettled(cloud, server) && tests.every((test) => test(server)),
  );
  const { page, isLast } = pageOf(cloud, sorted(found, query), query);
  const servers = page.map(view);
  const marker = page.at(-1)?.id;
  const links =
    isLast || marker === undefined ? {} : { servers_links: [nextLink(call.origin, path, query, marker)] };
  return { status: 200, body: { servers, ...links } };
}

function testsOf(query: URLSearchParams): readonly Test[] {
  const tests: Test[] = [deletedTest(query)];
  const name = query.get('name');
  if (name !== null) tests.push(nameTest(name));
  const statuses = query.getAll('status').map((status) => status.toUpperCase());
  if (statuses.some((status) => !STATUSES.has(status))) throw badRequest('Invalid status value');
  if (statuses.includes('DELETED')) {
    throw novaError(403, 'Only administrators may list deleted instances');
  }
  if (statuses.length > 0) tests.push((server) => statuses.includes(statusOf(server)));
  const ids = query.getAll('uuid');
  if (ids.length > 0) tests.push(({ id }) => ids.includes(id));
  const flavor = query.get('flavor');
  if (flavor !== null) tests.push((server) => server.flavor.id === flavor);
  const image = query.get('image');
  if (image !== null) tests.push(({ imageId }) => imageId === image);
  return [...tests, ...timeTests(query), ...tagTests(query)];
}

/** Deleted servers are listed only to those who ask what has changed. */
function deletedTest(query: URLSearchParams): Test {
  if (query.has('changes-since') || query.has('changes-before')) return () => true;
  return ({ vmState }) => vmState !== 'deleted';
}

/** A repeated group, or three repetitions: more of that can keep the process busy for ever. */
const COSTLY = /\)[*+?{]|([*+{][^*+{]*){3}/;

/** The database looks for it as a regular expression, anywhere in the name. */
function nameTest(pattern: string): Test {
  try {
    if (COSTLY.test(pattern)) throw new RangeError('The database gives up on it, too.');
    const expression = new RegExp(pattern);
    return ({ name }) => expression.test(name);
  } catch {
    throw badRequest(
      `Invalid input for query parameters name. Value: ${pattern}. '${pattern}' is not a 'regex'`,
    );
  }
}

function timeTests(query: URLSearchParams): readonly Test[] {
  const bound = (key: string): number | null => {
    const text = query.get(key);
    if (text === null) return null;
    const time = parseTime(text);
    if (time !== null) return time;
    const words = `Invalid input for query parameters ${key}. Value: ${text}. '${text}' is not a 'date-time'`;
    throw badRequest(words);
  };
  const since = bound('changes-since');
  const before = bound('changes-before');
  // The database keeps whole seconds.
  const updated = ({ updatedAt }: Server) => Math.floor(updatedAt / 1_000) * 1_000;
  return [
    ...(since === null ? [] : [(server: Server) => updated(server) >= since]),
    ...(before === null ? [] : [(server: Server) => updated(server) <= before]),
  ];
}

function tagTests(query: URLSearchParams): readonly Test[] {
  const list = (key: string) => query.get(key)?.split(',') ?? null;
  const all = list('tags');
  const any = list('tags-any');
  return [
    ...(all ? [({ tags }: Server) => all.every((tag) => tags.includes(tag))] : []),
    ...(any ? [({ tags }: Server) => any.some((tag) => tags.includes(tag))] : []),
  ];
}

const SORT_KEYS: Readonly<Record<string, (server: Server) => string | number>> = {
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  display_name: ({ name }) => name,
  uuid: ({ id }) => id,
};

function sorted(servers: readonly Server[], query: URLSearchParams): readonly Server[] {
  const key = SORT_KEYS[query.get('sort_key') ?? 'created_at'];
  if (!key) throw badRequest('Invalid input for query parameters sort_key.');
  const sign = query.get('sort_dir') === 'asc' ? 1 : -1;
  const compare = (one: string | number, other: string | number) =>
    one === other ? 0 : one < other ? -sign : sign;
  return [...servers].sort((one, other) => compare(key(one), key(other)) || compare(one.id, other.id));
}

function pageOf({ options }: Cloud, servers: readonly Server[], query: URLSearchParams) {
  const marker = query.get('marker');
  const at = marker === null ? -1 : servers.findIndex(({ id }) => id === marker);
  if (marker !== null && at < 0) throw badRequest(`marker [${marker}] not found`);
  const text = query.get('limit');
  if (text !== null && !/^\d+$/.test(text)) {
    throw badRequest(`Invalid input for query parameters limit. Value: ${text}.`);
  }
  const asked = Number(text ?? options.maxLimit);
  const limit = Math.min(asked, options.maxLimit);
  const rest = servers.slice(at + 1);
  // Nova looks no further: a full page has a next one, which may be empty.
  return { page: rest.slice(0, limit), isLast: rest.length < limit || limit === 0 };
}

function isTrue(text: string | null): boolean {
  return text !== null && /^(1|true|yes|)$/i.test(text);
}
