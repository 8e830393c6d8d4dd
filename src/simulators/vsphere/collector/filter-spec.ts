import { invalidArgument, optionalBoolean, requireRef, requireText } from '../service/arguments';
import { childrenOf, textOf } from '../vim/element';
import type { RequestElement } from '../vim/element';
import { VimFault } from '../vim/fault';
import { isManagedType } from '../vim/managed-types';
import type { MoRef } from '../vim/values';
import { isKnownPath } from './known-paths';

/** Which properties of the objects of a type are asked for. */
export interface PropertySpec {
  readonly type: string;
  readonly all: boolean;
  readonly paths: readonly string[];
}

/** A step from the objects of a type to those that their property refers to. Names make the steps a graph. */
export interface Traversal {
  readonly type: string;
  readonly path: string;
  /** Whether the objects at its end are only passed through. */
  readonly skip: boolean;
  readonly next: readonly Traversal[];
}

export interface ObjectSpec {
  readonly obj: MoRef;
  readonly skip: boolean;
  readonly select: readonly Traversal[];
}

export interface FilterSpec {
  readonly properties: readonly PropertySpec[];
  readonly objects: readonly ObjectSpec[];
  /** Explicit objects that do not exist are reported rather than a fault. */
  readonly reportMissing: boolean;
}

/** @throws VimFault InvalidArgument, InvalidType or InvalidProperty */
export function readFilterSpec(element: RequestElement): FilterSpec {
  const properties = childrenOf(element, 'propSet').map(readPropertySpec);
  const objects = childrenOf(element, 'objectSet').map(readObjectSpec);
  if (properties.length === 0) throw invalidArgument('propSet');
  if (objects.length === 0) throw invalidArgument('objectSet');
  return {
    properties,
    objects,
    reportMissing: optionalBoolean(element, 'reportMissingObjectsInResults') ?? false,
  };
}

function readPropertySpec(element: RequestElement): PropertySpec {
  return {
    type: readType(element),
    all: optionalBoolean(element, 'all') ?? false,
    paths: childrenOf(element, 'pathSet').map((one) => one.text.trim()),
  };
}

function readType(element: RequestElement): string {
  const type = requireText(element, 'type').trim();
  if (!isManagedType(type)) {
    throw new VimFault('InvalidType', { argument: type }, `There is no managed object type ${type}.`);
  }
  return type;
}

function readObjectSpec(element: RequestElement): ObjectSpec {
  const named = new Map<string, Traversal>();
  const open: (() => void)[] = [];
  const select = childrenOf(element, 'selectSet').map((one) => readSelection(one, named, open));
  // A name may stand before the traversal that bears it.
  for (const resolve of open) resolve();
  return {
    obj: requireRef(element, 'obj'),
    skip: optionalBoolean(element, 'skip') ?? false,
    select: select.map((one) => one()),
  };
}

/** Gives a function, because what a name stands for is known only after all of the specification is read. */
function readSelection(
  element: RequestElement,
  named: Map<string, Traversal>,
  open: (() => void)[],
): () => Traversal {
  const name = textOf(element, 'name')?.trim() ?? null;
  if (element.xsiType !== 'TraversalSpec') return () => findNamed(named, name);
  const next: Traversal[] = [];
  const path = requireText(element, 'path').trim();
  const type = readType(element);
  if (type !== 'ManagedObject' && !isKnownPath(type, path)) {
    throw new VimFault('InvalidProperty', { name: path }, `${type} has no property ${path}.`);
  }
  const traversal = { type, path, skip: optionalBoolean(element, 'skip') ?? false, next };
  if (name !== null) named.set(name, traversal);
  const inner = childrenOf(element, 'selectSet').map((one) => readSelection(one, named, open));
  open.push(() => next.push(...inner.map((one) => one())));
  return () => traversal;
}

function findNamed(named: ReadonlyMap<string, Traversal>, name: string | null): Traversal {
  const found = name === null ? undefined : named.get(name);
  if (!found) throw invalidArgument('selectSet', `There is no selection named ${name ?? '(nothing)'}.`);
  return found;
}
