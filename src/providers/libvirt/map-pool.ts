import { descend, element, parseXml, serializeXml, textElement } from './xml';

/** Pools whose volumes are files in one directory. */
const FILE_POOLS: ReadonlySet<string> = new Set(['dir', 'fs', 'netfs']);

/** The hypervisor's own user has to pass through the directory, and nobody has to list it. */
export function directoryPoolXml(name: string, uuid: string, path: string): string {
  return serializeXml(
    element('pool', { type: 'dir' }, [
      textElement('name', name),
      textElement('uuid', uuid),
      element('target', {}, [
        textElement('path', path),
        element('permissions', {}, [textElement('mode', '0711')]),
      ]),
    ]),
  );
}

export interface PoolDescription {
  readonly type: string;
  /** Null where its volumes are not files in one directory. */
  readonly directory: string | null;
}

export function readPoolDescription(xml: string): PoolDescription {
  const pool = parseXml(xml);
  const type = pool.attributes['type'] ?? '';
  const directory = FILE_POOLS.has(type) ? (descend(pool, 'target', 'path')?.text ?? null) : null;
  return { type, directory };
}
