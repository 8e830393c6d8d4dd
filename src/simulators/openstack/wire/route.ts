import type { ApiCall, ApiResult, OpenCall } from './api-call';

/** What answers a method at a path, for example `/servers/:id/action`. */
export interface Route<Call = ApiCall> {
  readonly method: string;
  readonly pattern: string;
  handle(call: Call): ApiResult;
}

export type OpenRoute = Route<OpenCall>;

export interface Match<Call> {
  readonly route: Route<Call>;
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled<Call> {
  readonly route: Route<Call>;
  readonly segments: readonly string[];
}

/** Finds the route of a request; the first one that fits counts. */
export class RouteTable<Call> {
  private readonly compiled: readonly Compiled<Call>[];

  constructor(routes: readonly Route<Call>[]) {
    this.compiled = routes.map((route) => ({ route, segments: segmentsOf(route.pattern) }));
  }

  /** @param path below the service's own, for example `/servers/42` */
  find(method: string, path: string): Match<Call> | null {
    const segments = segmentsOf(path);
    for (const { route, segments: pattern } of this.compiled) {
      if (route.method !== method) continue;
      const params = paramsIn(pattern, segments);
      if (params) return { route, params };
    }
    return null;
  }

  /** Whether the path is known, with whichever method. */
  knows(path: string): boolean {
    const segments = segmentsOf(path);
    return this.compiled.some(({ segments: pattern }) => paramsIn(pattern, segments) !== null);
  }
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function paramsIn(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decoded(segment);
    else if (part !== segment) return null;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
