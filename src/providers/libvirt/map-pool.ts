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

/** The directory of a pool; null where its volumes are not files in one. */
export function readPoolDirectory(xml: string): string | null {
  const pool = parseXml(xml);
  if (!FILE_POOLS.has(pool.attributes['type'] ?? '')) return null;
  return descend(pool, 'target', 'path')?.text ?? null;
}
