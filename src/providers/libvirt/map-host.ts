import { child, childrenOf, descend, parseXml } from './xml';

/** What the host can run, of all that it tells. */
export interface HostFacts {
  /** Of the host's own CPU, for example `x86_64`. */
  readonly arch: string;
  /** Whether guests of that architecture can be accelerated by hardware. */
  readonly kvm: boolean;
}

export function readHostFacts(capabilitiesXml: string): HostFacts {
  const capabilities = parseXml(capabilitiesXml);
  const arch = descend(capabilities, 'host', 'cpu', 'arch')?.text;
  if (arch === undefined) throw new Error('The backend did not tell the architecture of its host.');
  const kvm = childrenOf(capabilities, 'guest')
    .map((guest) => child(guest, 'arch'))
    .filter((guestArch) => guestArch?.attributes['name'] === arch)
    .some((guestArch) => childrenOf(guestArch, 'domain').some((domain) => domain.attributes['type'] === 'kvm'));
  return { arch, kvm };
}
