import { lineage } from '../vim/managed-types';
import type { ServiceMethod, ServiceTable } from './service-method';

export interface RegisteredMethod {
  readonly run: ServiceMethod;
  readonly needsSession: boolean;
}

/**
 * Which method answers which call. A type has the methods of every type that it is derived from,
 * and all have those of `ManagedObject`.
 */
export class MethodRegistry {
  private readonly types = new Map<string, Map<string, RegisteredMethod>>();

  /** A second table for a type adds to the first. */
  register(table: ServiceTable): void {
    const methods = this.types.get(table.type) ?? new Map<string, RegisteredMethod>();
    for (const [name, run] of Object.entries(table.methods)) {
      if (methods.has(name)) throw new TypeError(`${table.type}.${name} is registered twice.`);
      methods.set(name, { run, needsSession: !table.withoutSession?.includes(name) });
    }
    this.types.set(table.type, methods);
  }

  find(type: string, method: string): RegisteredMethod | null {
    for (const each of [...lineage(type), 'ManagedObject']) {
      const found = this.types.get(each)?.get(method);
      if (found) return found;
    }
    return null;
  }
}
