import type { BackingImage } from './map-domain';
import { child, descend, element, parseXml, serializeXml, textElement } from './xml';

export const GIB = 2 ** 30;

/** The file of a volume may hold a tenant's secrets: nobody but the hypervisor reads it. */
const PRIVATE = element('permissions', {}, [textElement('mode', '0600')]);

/** A linked clone: only what differs from the image is stored. */
export function cloneVolumeXml(name: string, capacityBytes: number, image: BackingImage): string {
  return serializeXml(
    element('volume', { type: 'file' }, [
      textElement('name', name),
      textElement('capacity', capacityBytes, { unit: 'bytes' }),
      textElement('allocation', 0, { unit: 'bytes' }),
      element('target', {}, [element('format', { type: 'qcow2' }), PRIVATE, textElement('compat', '1.1')]),
      element('backingStore', {}, [
        textElement('path', image.path),
        element('format', { type: image.format }),
      ]),
    ]),
  );
}

export function rawVolumeXml(name: string, capacityBytes: number): string {
  return serializeXml(
    element('volume', { type: 'file' }, [
      textElement('name', name),
      textElement('capacity', capacityBytes, { unit: 'bytes' }),
      element('target', {}, [element('format', { type: 'raw' }), PRIVATE]),
    ]),
  );
}

export interface VolumeDescription {
  readonly path: string;
  /** As libvirt detected it, for example `qcow2`. */
  readonly format: string;
  readonly capacityBytes: number;
  /** Null where it stands on its own. */
  readonly backingPath: string | null;
}

/** @throws Error for what is not the description of a volume */
export function readVolumeDescription(xml: string): VolumeDescription {
  const volume = parseXml(xml);
  const path = descend(volume, 'target', 'path')?.text;
  const format = descend(volume, 'target', 'format')?.attributes['type'];
  const capacity = child(volume, 'capacity');
  if (path === undefined || format === undefined || capacity?.attributes['unit'] !== 'bytes') {
    throw new Error('The backend sent a description that is not of a volume.');
  }
  return {
    path,
    format,
    capacityBytes: Number(capacity.text),
    backingPath: descend(volume, 'backingStore', 'path')?.text ?? null,
  };
}
