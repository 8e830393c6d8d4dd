/** What a gateway shows under `/metrics`: the value of each series, by its whole name. */
export async function metricsOf(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    series.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

/** The duties that a gateway has, backends by their ids. */
export async function dutiesOf(url: string): Promise<string[]> {
  const names = [...(await metricsOf(url)).keys()];
  return names.flatMap((name) => /^hypergate_duty_held\{duty="(.*)"\}$/.exec(name)?.[1] ?? []).sort();
}
