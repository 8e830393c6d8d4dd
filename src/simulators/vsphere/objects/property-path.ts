/** One step of a property path: `device[4000]` has a key, `hardware` has none. */
export interface PathStep {
  readonly name: string;
  readonly key: string | null;
}

const STEP = /([A-Za-z]\w*)(?:\["((?:[^"\\]|\\.)*)"\]|\[(-?\w[\w-]*)\])?(?:\.|$)/y;
/** Enough for every filter of a busy server; a client that asks for more gets slower, not fatter. */
const MAX_REMEMBERED = 4_096;
const remembered = new Map<string, readonly PathStep[] | null>();

/** Reads `config.hardware.device[4000].backing` or `config.extraConfig["a.b"]`; null for what is no path. */
export function parsePath(path: string): readonly PathStep[] | null {
  const known = remembered.get(path);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const steps = parse(path);
  remembered.set(path, steps);
  return steps;
}

function parse(path: string): readonly PathStep[] | null {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path);
    if (!found) return null;
    steps.push({
      name: found[1] ?? '',
      key: found[2]?.replace(/\\(.)/g, '$1') ?? found[3] ?? null,
    });
  }
  return steps.length === 0 || path.endsWith('.') ? null : steps;
}

/** Whether a change at one path can show at the other: they are equal, or one lies inside the other. */
export function isRelated(one: string, other: string): boolean {
  return one === other || isInside(one, other) || isInside(other, one);
}

function isInside(inner: string, outer: string): boolean {
  if (!inner.startsWith(outer)) return false;
  const next = inner.charAt(outer.length);
  return next === '.' || next === '[';
}
