import { decodeNothing } from '../codecs/connect';
import type { DomainRef } from '../codecs/objects';
import { encodeDomain } from '../codecs/objects';
import type { BulkOptions } from '../connection/bulk-stream';
import type { Encode } from '../connection/caller';
import { DOMAIN_BLOCK_RESIZE_BYTES, DOMAIN_METADATA } from '../flags';
import type { CallOptions } from '../options';
import { PROCEDURE } from '../procedures';
import { DomainConsole } from './domain-console';
import { DomainPower } from './domain-power';

export interface DomainMetadataElement {
  /** The element; null removes it. */
  readonly xml: string | null;
  /** The namespace's prefix in the domain's XML. */
  readonly key: string;
  /** The namespace, by which `getMetadata` finds it. */
  readonly uri: string;
}

/** All calls about domains; this part holds what changes a domain's settings. */
export class DomainCalls extends DomainPower {
  /**
   * Virtual CPUs. More than the maximum is refused with 8 (DOMAIN_SET_VCPUS_FLAGS, 199).
   * @param flags bits of `DOMAIN_AFFECT`; with `DOMAIN_VCPU_MAXIMUM` and CONFIG the maximum itself
   */
  setVcpus(domain: DomainRef, vcpus: number, flags: number, options?: CallOptions): Promise<void> {
    return this.set(
      PROCEDURE.domainSetVcpusFlags,
      (writer) => {
        encodeDomain(writer, domain);
        writer.u32(vcpus);
        writer.u32(flags);
      },
      options,
    );
  }

  /**
   * Memory in KiB. More than the maximum is refused with 8 (DOMAIN_SET_MEMORY_FLAGS, 204).
   * @param flags bits of `DOMAIN_AFFECT`; with `DOMAIN_MEM_MAXIMUM` and CONFIG the maximum itself
   */
  setMemory(domain: DomainRef, memoryKib: number, flags: number, options?: CallOptions): Promise<void> {
    return this.set(
      PROCEDURE.domainSetMemoryFlags,
      (writer) => {
        encodeDomain(writer, domain);
        writer.u64(memoryKib);
        writer.u32(flags);
      },
      options,
    );
  }

  /** Resizes a disk of a RUNNING domain, in bytes. @param disk target (`vda`) or path (DOMAIN_BLOCK_RESIZE, 251) */
  blockResize(domain: DomainRef, disk: string, sizeBytes: number, options?: CallOptions): Promise<void> {
    return this.set(
      PROCEDURE.domainBlockResize,
      (writer) => {
        encodeDomain(writer, domain);
        writer.string(disk);
        writer.u64(sizeBytes);
        writer.u32(DOMAIN_BLOCK_RESIZE_BYTES);
      },
      options,
    );
  }

  /** Sets or removes an element of `<metadata>`. @param flags bits of `DOMAIN_AFFECT` (DOMAIN_SET_METADATA, 264) */
  setMetadata(
    domain: DomainRef,
    element: DomainMetadataElement,
    flags: number,
    options?: CallOptions,
  ): Promise<void> {
    return this.set(
      PROCEDURE.domainSetMetadata,
      (writer) => {
        encodeDomain(writer, domain);
        writer.i32(DOMAIN_METADATA.ELEMENT);
        writer.optionalString(element.xml);
        writer.optionalString(element.key);
        writer.optionalString(element.uri);
        writer.u32(flags);
      },
      options,
    );
  }

  /** Whether it starts together with the daemon (DOMAIN_SET_AUTOSTART, 29). */
  setAutostart(domain: DomainRef, autostart: boolean, options?: CallOptions): Promise<void> {
    return this.set(
      PROCEDURE.domainSetAutostart,
      (writer) => {
        encodeDomain(writer, domain);
        writer.bool(autostart);
      },
      options,
    );
  }

  /** Plugs a device in. @param flags bits of `DOMAIN_AFFECT` (DOMAIN_ATTACH_DEVICE_FLAGS, 160) */
  attachDevice(domain: DomainRef, xml: string, flags: number, options?: CallOptions): Promise<void> {
    return this.device(PROCEDURE.domainAttachDeviceFlags, domain, xml, flags, options);
  }

  /** Asks for a device to be unplugged; a running guest may take its time (DOMAIN_DETACH_DEVICE_FLAGS, 161). */
  detachDevice(domain: DomainRef, xml: string, flags: number, options?: CallOptions): Promise<void> {
    return this.device(PROCEDURE.domainDetachDeviceFlags, domain, xml, flags, options);
  }

  /** Changes a device in place, for example a CD's medium (DOMAIN_UPDATE_DEVICE_FLAGS, 174). */
  updateDevice(domain: DomainRef, xml: string, flags: number, options?: CallOptions): Promise<void> {
    return this.device(PROCEDURE.domainUpdateDeviceFlags, domain, xml, flags, options);
  }

  /**
   * Opens the serial console of a running domain on a connection of its own (DOMAIN_OPEN_CONSOLE, 201). What
   * was printed before is lost unless the domain's XML has `<serial>...<log file=.../></serial>`.
   * @param device alias such as `serial0`; null for the first
   * @param flags bits of `CONSOLE_OPEN`
   */
  async openConsole(
    domain: DomainRef,
    device: string | null = null,
    flags = 0,
    options: BulkOptions = {},
  ): Promise<DomainConsole> {
    const encode: Encode = (writer) => {
      encodeDomain(writer, domain);
      writer.optionalString(device);
      writer.u32(flags);
    };
    // A console may be silent for as long as it likes.
    const limits = { stallTimeoutMs: 2_147_483_647, ...options };
    return new DomainConsole(await this.lanes.openStream('domainOpenConsole', encode, limits));
  }

  private device(
    procedure: number,
    domain: DomainRef,
    xml: string,
    flags: number,
    options: CallOptions | undefined,
  ): Promise<void> {
    const encode: Encode = (writer) => {
      encodeDomain(writer, domain);
      writer.string(xml);
      writer.u32(flags);
    };
    return this.set(procedure, encode, options);
  }

  private set(procedure: number, encode: Encode, options: CallOptions | undefined): Promise<void> {
    return this.lanes.changes.call(procedure, encode, decodeNothing, options);
  }
}
