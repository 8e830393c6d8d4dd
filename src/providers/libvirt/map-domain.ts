import { metadataElement } from './map-marker';
import type { Ownership } from './map-marker';
import { element, serializeXml, textElement } from './xml';
import type { XmlElement } from './xml';

export interface BackingImage {
  /** On the host. */
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
}

/** Everything that the description of a domain says. */
export interface DomainPlan {
  readonly ownership: Ownership;
  readonly labels: Readonly<Record<string, string>>;
  readonly uuid: string;
  readonly name: string;
  readonly accelerator: 'kvm' | 'tcg';
  /** As libvirt names it: `x86_64`. */
  readonly arch: string;
  /** As QEMU names it: `q35`. */
  readonly machine: string;
  readonly cpuCount: number;
  readonly memoryMib: number;
  readonly diskPath: string;
  readonly image: BackingImage;
  readonly seedPath: string;
  readonly consolePath: string;
  readonly nics: readonly { readonly macAddress: string; readonly networkName: string }[];
}

/** The device under which the guest's first disk is resized. */
export const FIRST_DISK = 'vda';

export function domainXml(plan: DomainPlan): string {
  return serializeXml(
    element('domain', { type: plan.accelerator === 'kvm' ? 'kvm' : 'qemu' }, [
      textElement('name', plan.name),
      textElement('uuid', plan.uuid),
      // For whoever looks with libvirt's own tools.
      textElement('title', plan.ownership.name),
      metadataElement(plan.ownership, plan.labels),
      textElement('memory', plan.memoryMib, { unit: 'MiB' }),
      textElement('vcpu', plan.cpuCount),
      element('os', {}, [
        textElement('type', 'hvm', { arch: plan.arch, machine: plan.machine }),
        element('boot', { dev: 'hd' }),
      ]),
      element('features', {}, [element('acpi'), element('apic')]),
      // Plain TCG emulates a CPU that today's distributions refuse to boot on.
      element('cpu', { mode: plan.accelerator === 'kvm' ? 'host-model' : 'maximum' }),
      element('clock', { offset: 'utc' }),
      textElement('on_poweroff', 'destroy'),
      textElement('on_reboot', 'restart'),
      textElement('on_crash', 'destroy'),
      // A guest that put itself to sleep would look running and answer nothing.
      element('pm', {}, [
        element('suspend-to-mem', { enabled: 'no' }),
        element('suspend-to-disk', { enabled: 'no' }),
      ]),
      element('devices', {}, devices(plan)),
    ]),
  );
}

function devices(plan: DomainPlan): XmlElement[] {
  return [
    firstDisk(plan),
    seedDisk(plan.seedPath),
    element('controller', { type: 'usb', model: 'none' }),
    ...plan.nics.map((nic) =>
      element('interface', { type: 'network' }, [
        element('mac', { address: nic.macAddress }),
        element('source', { network: nic.networkName }),
        element('model', { type: 'virtio' }),
      ]),
    ),
    // The file keeps what nobody reads from the terminal.
    element('serial', { type: 'pty' }, [
      element('log', { file: plan.consolePath, append: 'on' }),
      element('target', { type: 'isa-serial', port: 0 }),
    ]),
    element('channel', { type: 'unix' }, [
      element('target', { type: 'virtio', name: 'org.qemu.guest_agent.0' }),
    ]),
    element('rng', { model: 'virtio' }, [textElement('backend', '/dev/urandom', { model: 'random' })]),
    element('memballoon', { model: 'virtio' }),
  ];
}

/**
 * The chain of images is spelled out and closed, so that QEMU never looks into an image to find out what it is
 * or what stands behind it.
 */
function firstDisk({ diskPath, image }: DomainPlan): XmlElement {
  return element('disk', { type: 'file', device: 'disk' }, [
    element('driver', { name: 'qemu', type: 'qcow2', discard: 'unmap' }),
    element('source', { file: diskPath }),
    element('backingStore', { type: 'file' }, [
      element('format', { type: image.format }),
      element('source', { file: image.path }),
      element('backingStore'),
    ]),
    element('target', { dev: FIRST_DISK, bus: 'virtio' }),
  ]);
}

/** cloud-init finds its seed by the label; a virtio disk, because some cloud kernels have no CD-ROM driver. */
function seedDisk(path: string): XmlElement {
  return element('disk', { type: 'file', device: 'disk' }, [
    element('driver', { name: 'qemu', type: 'raw' }),
    element('source', { file: path }),
    element('backingStore'),
    element('target', { dev: 'vdb', bus: 'virtio' }),
    element('readonly'),
  ]);
}
