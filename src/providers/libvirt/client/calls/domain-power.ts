import { decodeNothing } from '../codecs/connect';
import { encodeDomainAndFlags } from '../codecs/domain';
import type { DomainRef } from '../codecs/objects';
import { decodeDomain, encodeDomain } from '../codecs/objects';
import type { CallOptions } from '../options';
import { PROCEDURE } from '../procedures';
import type { XdrReader } from '../wire/xdr-reader';
import { DomainQueries } from './domain-queries';

/**
 * Calls that bring a domain into being, start and stop it. Where the domain is not in the state that a call
 * needs, the answer is `LibvirtError` 55. Procedure numbers: `REMOTE_PROC_DOMAIN_*` of `remote_protocol.x`.
 */
export class DomainPower extends DomainQueries {
  /**
   * Defines a persistent domain, or replaces the definition of the one with the same name and UUID; the same
   * name with another UUID is an error (DOMAIN_DEFINE_XML_FLAGS, 350).
   * @param flags bits of `DOMAIN_DEFINE`
   */
  defineXml(xml: string, flags = 0, options?: CallOptions): Promise<DomainRef> {
    return this.lanes.changes.call(
      PROCEDURE.domainDefineXmlFlags,
      (writer) => {
        writer.string(xml);
        writer.u32(flags);
      },
      decodeDomain,
      options,
    );
  }

  /**
   * Starts a defined domain; 55 where it runs already (DOMAIN_CREATE_WITH_FLAGS, 196).
   * @param flags bits of `DOMAIN_CREATE`; PAUSED leaves its CPUs stopped
   * @returns the domain with its new id
   */
  create(domain: DomainRef, flags = 0, options?: CallOptions): Promise<DomainRef> {
    return this.change(PROCEDURE.domainCreateWithFlags, domain, flags, decodeDomain, options);
  }

  /** Asks the guest to shut down; returns before it has. @param flags `DOMAIN_SHUTDOWN` (DOMAIN_SHUTDOWN_FLAGS, 258) */
  shutdown(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.domainShutdownFlags, domain, flags, decodeNothing, options);
  }

  /**
   * Stops it at once, as by pulling the plug (DOMAIN_DESTROY_FLAGS, 234). A daemon that has just come back and
   * is still taking its guests over may answer 55 although the domain is now off: ask for the state then.
   * @param flags bits of `DOMAIN_DESTROY`
   */
  destroy(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.domainDestroyFlags, domain, flags, decodeNothing, options);
  }

  /** Asks the guest to reboot; returns before it has. @param flags `DOMAIN_REBOOT` (DOMAIN_REBOOT, 27) */
  reboot(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.domainReboot, domain, flags, decodeNothing, options);
  }

  /** Resets it at once, as by the button: the guest is not asked (DOMAIN_RESET, 245). */
  reset(domain: DomainRef, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.domainReset, domain, 0, decodeNothing, options);
  }

  /** Stops its CPUs; memory stays (DOMAIN_SUSPEND, 34). Paused already: nothing happens. */
  suspend(domain: DomainRef, options?: CallOptions): Promise<void> {
    const suspend = PROCEDURE.domainSuspend;
    return this.lanes.changes.call(suspend, (writer) => encodeDomain(writer, domain), decodeNothing, options);
  }

  /** Lets its CPUs run on (DOMAIN_RESUME, 28). 55 where it runs already. */
  resume(domain: DomainRef, options?: CallOptions): Promise<void> {
    const resume = PROCEDURE.domainResume;
    return this.lanes.changes.call(resume, (writer) => encodeDomain(writer, domain), decodeNothing, options);
  }

  /**
   * Writes its memory to the host's disk and stops it; the next start goes on there (DOMAIN_MANAGED_SAVE, 182).
   * Takes as long as the memory takes to write: give it a time-out to match.
   */
  managedSave(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.domainManagedSave, domain, flags, decodeNothing, options);
  }

  /** Drops the managed save (DOMAIN_MANAGED_SAVE_REMOVE, 184). */
  managedSaveRemove(domain: DomainRef, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.domainManagedSaveRemove, domain, 0, decodeNothing, options);
  }

  /**
   * Removes the definition; a running domain becomes transient and goes on (DOMAIN_UNDEFINE_FLAGS, 231).
   * @param flags bits of `DOMAIN_UNDEFINE`; without them a managed save or NVRAM makes it fail with 55
   */
  undefine(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.domainUndefineFlags, domain, flags, decodeNothing, options);
  }

  protected change<T>(
    procedure: number,
    domain: DomainRef,
    flags: number,
    decode: (reader: XdrReader) => T,
    options: CallOptions | undefined,
  ): Promise<T> {
    return this.lanes.changes.call(
      procedure,
      (writer) => encodeDomainAndFlags(writer, domain, flags),
      decode,
      options,
    );
  }
}
