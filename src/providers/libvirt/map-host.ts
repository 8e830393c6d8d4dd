import { child, childrenOf, descend, parseXml } from './xml';
import type { XmlElement } from './xml';

/** What the host can run, of all that it tells. */
export interface HostFacts {
  /** Of the host's own CPU, for example `x86_64`. */
  readonly arch: string;
  /** Whether guests of that architecture can be accelerated by hardware. */
  readonly kvm: boolean;
  /** Machine types for that architecture, with the number of processors that each can have. */
  readonly machines: ReadonlyMap<string, number>;
}

export function readHostFacts(capabilitiesXml: string): HostFacts {
  const capabilities = parseXml(capabilitiesXml);
  const arch = descend(capabilities, 'host', 'cpu', 'arch')?.text;
  if (arch === undefined) throw new Error('The backend did not tell the architecture of its host.');
  const guests = childrenOf(capabilities, 'guest')
    .map((guest) => child(guest, 'arch'))
    .filter((guestArch) => guestArch?.attributes['name'] === arch);
  const domains = guests.flatMap((guest) => childrenOf(guest, 'domain'));
  return {
    arch,
    kvm: domains.some((domain) => domain.attributes['type'] === 'kvm'),
    machines: machinesOf(guests.flatMap((guest) => childrenOf(guest, 'machine'))),
  };
}

function machinesOf(elements: readonly XmlElement[]): ReadonlyMap<string, number> {
  return new Map(elements.map((machine) => [machine.text, Number(machine.attributes['maxCpus'] ?? 1)]));
}
