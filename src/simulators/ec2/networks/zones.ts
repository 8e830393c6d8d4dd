/** Every simulated region has three availability zones, such as eu-central-1a. */
export const ZONE_LETTERS = ['a', 'b', 'c'] as const;

export function zonesOf(region: string): readonly string[] {
  return ZONE_LETTERS.map((letter) => region + letter);
}

/** A zone's id is the same for all accounts, its name is not: `euc1-az1`. */
export function zoneId(zone: string): string {
  const letter = zone.at(-1) ?? 'a';
  const parts = zone.slice(0, -1).split('-');
  const number = parts.at(-1) ?? '1';
  const [continent = '', ...directions] = parts.slice(0, -1);
  return `${continent}${directions.map((word) => word[0] ?? '').join('')}${number}-az${letter.charCodeAt(0) - 96}`;
}
