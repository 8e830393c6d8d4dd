import type { Role } from '../../src/kernel';
import type { Data, Variables } from '../support/api/api-answer';
import type { Estate } from './estate';

/** What an id in an argument names; `slug` stands in for an id. */
export type IdKind =
  'tenant' | 'slug' | 'backend' | 'template' | 'network' | 'vm' | 'task' | 'apiToken' | 'anything';

/** The path inside the variables, and what the id there names. */
export type Ids = Readonly<Record<string, IdKind>>;

export type LeastCaller = Role | 'ADMINISTRATOR';

/** Who may have what a field of the schema gives, and how the sweep asks for it. */
export type Row =
  /** A part of its object: whoever sees the object sees it. */
  | { readonly kind: 'shown' }
  /** Leads to other objects; the walk follows it and looks for what belongs to somebody else. */
  | { readonly kind: 'edge' }
  /** Null, or refused, for callers below the least one, on an object that they see. */
  | {
      readonly kind: 'masked' | 'guarded';
      readonly least: LeastCaller;
      /** A query for the field on an object of the tenant's, and what to look at in its data. */
      readonly query: string;
      readonly variables: (own: Estate) => Variables;
      readonly pick: (data: Data) => unknown;
    }
  /** An entry of the schema; `variables` asks for what the caller owns. */
  | { readonly kind: 'query'; readonly variables: (own: Estate) => Variables; readonly ids: Ids }
  | {
      readonly kind: 'mutation';
      readonly least: LeastCaller;
      readonly variables: (own: Estate) => Variables;
      readonly ids: Ids;
      /** How it ends for somebody who may, where it cannot succeed. */
      readonly refusal?: string;
    }
  | { readonly kind: 'subscription'; readonly variables: (own: Estate) => Variables; readonly ids: Ids };

/** The rows of one kind, or of several. */
export type RowOf<Kind extends Row['kind']> = Row extends infer One
  ? One extends { readonly kind: infer K }
    ? [K & Kind] extends [never]
      ? never
      : One
    : never
  : never;

const SHOWN: Row = { kind: 'shown' };
const EDGE: Row = { kind: 'edge' };

function each(type: string, fields: string, row: Row): Record<string, Row> {
  return Object.fromEntries(fields.split(/\s+/).map((field) => [`${type}.${field}`, row]));
}

export const shown = (type: string, fields: string): Record<string, Row> => each(type, fields, SHOWN);
export const edges = (type: string, fields: string): Record<string, Row> => each(type, fields, EDGE);
