import type { z } from 'zod';
import type { NetworkObject } from '../model/records';
import type { World } from '../model/world';
import type { ApiCall, ApiResult, Caller } from '../wire/api-call';
import type { Route } from '../wire/route';
import { filterOf, selectFields } from './filters';
import type { View } from './filters';
import { neutronError, notFound } from './neutron-error';
import { touch } from './new-object';
import { pageOf } from './paging';
import { readAttributes } from './read-attributes';

/** A kind of object of Neutron: everything in which it is not like the others. */
export interface Resource<
  Row extends NetworkObject,
  Create extends z.ZodType = z.ZodType,
  Update extends z.ZodType = z.ZodType,
> {
  /** In paths, for example `security-groups`. */
  readonly path: string;
  /** In bodies, for example `security_group` and `security_groups`. */
  readonly member: string;
  readonly collection: string;
  /** In messages, for example `Security group`. */
  readonly noun: string;
  readonly rows: ReadonlyMap<string, Row>;
  /** What can be filtered by besides the common fields. */
  readonly filters: readonly string[];
  readonly createSchema: Create;
  /** Null: it cannot be changed. */
  readonly updateSchema: Update | null;
  /** May be read by callers to whom it does not belong. */
  isShared(row: Row): boolean;
  view(row: Row, call: ApiCall): View;
  create(asked: z.output<Create>, caller: Caller): Row;
  update(row: Row, asked: z.output<Update>, caller: Caller): void;
  /** @throws ApiError 409 while it is in use */
  remove(row: Row): void;
}

const COMMON_FILTERS = ['id', 'name', 'description', 'project_id', 'tenant_id', 'status', 'admin_state_up'];

export function isVisible<Row extends NetworkObject>(
  resource: Pick<Resource<Row>, 'isShared'>,
  row: Row,
  caller: Caller,
): boolean {
  return row.projectId === caller.projectId || resource.isShared(row);
}

/** List, show, create, update and delete. */
export function resourceRoutes<Row extends NetworkObject, Create extends z.ZodType, Update extends z.ZodType>(
  world: World,
  resource: Resource<Row, Create, Update>,
): readonly Route[] {
  const { path, member, noun, createSchema, updateSchema } = resource;
  const one = (call: ApiCall): Row => {
    const row = resource.rows.get(call.params['id'] ?? '');
    if (!row || !isVisible(resource, row, call.caller)) throw notFound(noun, call.params['id'] ?? '');
    return row;
  };
  const own = (call: ApiCall, verb: string): Row => owned(one(call), call, `${verb}_${member}`);
  const reply = (status: number, row: Row, call: ApiCall): ApiResult => ({
    status,
    body: { [member]: selectFields(call.query, resource.view(row, call)) },
  });
  return [
    { method: 'GET', pattern: `/${path}`, handle: (call) => list(resource, call) },
    { method: 'GET', pattern: `/${path}/:id`, handle: (call) => reply(200, one(call), call) },
    {
      method: 'POST',
      pattern: `/${path}`,
      handle: (call) => {
        const row = resource.create(readAttributes(createSchema, member, call.body), call.caller);
        world.changed();
        return reply(201, row, call);
      },
    },
    {
      method: 'PUT',
      pattern: `/${path}/:id`,
      handle: (call) => {
        const row = own(call, 'update');
        if (updateSchema === null) throw notFound(noun, row.id);
        resource.update(row, readAttributes(updateSchema, member, call.body), call.caller);
        touch(world, row);
        return reply(200, row, call);
      },
    },
    {
      method: 'DELETE',
      pattern: `/${path}/:id`,
      handle: (call) => {
        resource.remove(own(call, 'delete'));
        world.changed();
        return { status: 204 };
      },
    },
  ];
}

function owned<Row extends NetworkObject>(row: Row, { caller }: ApiCall, rule: string): Row {
  if (row.projectId === caller.projectId) return row;
  throw neutronError(403, 'PolicyNotAuthorized', `rule:${rule} is disallowed by policy`);
}

function list<Row extends NetworkObject>(
  resource: Pick<Resource<Row>, 'rows' | 'isShared' | 'view' | 'filters' | 'collection' | 'path'>,
  call: ApiCall,
): ApiResult {
  const fits = filterOf(call.query, new Set([...COMMON_FILTERS, ...resource.filters]));
  const views = [...resource.rows.values()]
    .filter((row) => isVisible(resource, row, call.caller))
    .map((row) => resource.view(row, call))
    .filter(fits);
  const { page, links } = pageOf(views, call, resource.path);
  const body: Record<string, unknown> = {
    [resource.collection]: page.map((view) => selectFields(call.query, view)),
  };
  if (links.length > 0) body[`${resource.collection}_links`] = links;
  return { status: 200, body };
}
