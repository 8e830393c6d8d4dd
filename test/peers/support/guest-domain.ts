export interface GuestDomain {
  readonly name: string;
  /** Absolute path of a disk of its own. */
  readonly disk: string;
  /** Name of a libvirt network; none without it. */
  readonly network?: string;
  /** Where the serial port is logged on the host. */
  readonly log?: string;
  readonly vcpus?: number;
  readonly maxVcpus?: number;
}

/** A domain for the tiny guest, emulated: /dev/kvm may be there and guests still hang on it. */
export function guestDomainXml(guest: GuestDomain): string {
  const { vcpus = 1, maxVcpus = vcpus } = guest;
  const nic = guest.network
    ? `<interface type='network'><source network='${guest.network}'/><model type='virtio'/></interface>`
    : '';
  const log = guest.log ? `<log file='${guest.log}' append='on'/>` : '';
  return `<domain type='qemu'>
  <name>${guest.name}</name>
  <memory unit='KiB'>131072</memory>
  <vcpu current='${vcpus}'>${maxVcpus}</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/><source file='${guest.disk}'/><target dev='vda' bus='virtio'/>
    </disk>
    ${nic}
    <serial type='pty'>${log}<target port='0'/></serial>
    <memballoon model='virtio'/>
  </devices>
</domain>`;
}
