const FULL_NAMES: ReadonlyMap<string, string> = new Map([
  ['debian12_64Guest', 'Debian GNU/Linux 12 (64-bit)'],
  ['ubuntu64Guest', 'Ubuntu Linux (64-bit)'],
  ['other6xLinux64Guest', 'Other 6.x or later Linux (64-bit)'],
  ['otherLinux64Guest', 'Other Linux (64-bit)'],
  ['otherGuest64', 'Other (64-bit)'],
  ['otherGuest', 'Other (32-bit)'],
]);

/** How vSphere writes out a `guestId`. */
export function guestFullName(guestId: string): string {
  return FULL_NAMES.get(guestId) ?? guestId;
}
