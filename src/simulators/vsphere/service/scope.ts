import { parsePath } from '../objects/property-path';
import type { ManagedObject, ObjectStore } from '../objects/object-store';
import { readPath } from '../objects/read-path';
import { array } from '../vim/values';
import type { MoRef, VimValue } from '../vim/values';
import type { Session } from './session';
import type { Sessions } from './sessions';

/** What one caller sees: the inventory, and beside it what belongs to the session. */
export class Scope {
  constructor(
    readonly store: ObjectStore,
    readonly session: Session | null,
    private readonly sessions: Sessions,
  ) {}

  get(ref: MoRef): ManagedObject | null {
    const stored = this.store.get(ref);
    if (ref.$ref === 'SessionManager' && stored) return this.sessionManager(stored);
    return this.session?.get(ref)?.picture() ?? stored;
  }

  read(ref: MoRef, path: string): VimValue | undefined {
    const object = this.get(ref);
    const steps = parsePath(path);
    return object && steps ? readPath(object.properties, steps) : undefined;
  }

  private sessionManager(stored: ManagedObject): ManagedObject {
    const properties = new Map(stored.properties);
    if (this.session) {
      const sessions = this.sessions.all().map((each) => each.describe());
      properties.set('sessionList', array('UserSession', sessions));
      properties.set('currentSession', this.session.describe());
    }
    return { ref: stored.ref, properties };
  }
}
