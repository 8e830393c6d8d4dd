/** The query of a URL, with its question mark; empty where no value is set. Several values of one name are or-ed. */
export function query(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    for (const one of [value].flat()) if (one !== undefined) parameters.append(name, String(one));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
