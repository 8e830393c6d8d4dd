import { randomBytes } from 'node:crypto';
import { seededRandom } from '../../network/seeded-random';
import { Agenda } from './agenda';
import type { ModelOptions } from './options';
import type { Kind, Records, Stored } from './records';
import { Table } from './table';

export type Tables = { readonly [K in Kind]: Table<Records[K]> };

/** What becomes of a record whose time has come. `at` is that time, which may have passed a while ago. */
export type Happening<K extends Kind> = (record: Records[K], at: number) => void;

/** The account and all that is in it. It changes through requests, the control, and what its own records have due. */
export class World {
  readonly tables: Tables;
  readonly random: () => number;
  private readonly agenda = new Agenda();
  private readonly happenings = new Map<string, (record: Stored, at: number) => void>();
  private readonly listeners: (() => void)[] = [];
  private undoing: (() => void)[] | null = null;
  private sequence = 0;

  /** @param clock milliseconds since 1970 */
  constructor(
    readonly options: ModelOptions,
    private readonly clock: () => number = Date.now,
  ) {
    this.random = seededRandom(options.seed);
    this.tables = {
      instance: this.table('instance'),
      'network-interface': this.table('network-interface'),
      volume: this.table('volume'),
      snapshot: this.table('snapshot'),
      image: this.table('image'),
      vpc: this.table('vpc'),
      subnet: this.table('subnet'),
      'internet-gateway': this.table('internet-gateway'),
      'route-table': this.table('route-table'),
      'security-group': this.table('security-group'),
      'key-pair': this.table('key-pair'),
      launch: this.table('launch'),
    };
  }

  now(): number {
    return this.clock();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  onDue<K extends Kind>(kind: K, happening: Happening<K>): void {
    this.happenings.set(kind, (record, at) => happening(record as Records[K], at));
  }

  /** Lets everything happen whose time has come. */
  settle(): void {
    for (;;) {
      const due = this.agenda.takeDue(this.now());
      if (due === null) return;
      const record = this.tables[due.table as Kind].get(due.id);
      // Otherwise something else has happened to it meanwhile.
      if (record?.due === due.at) this.happenings.get(due.table)?.(record, due.at);
    }
  }

  /** All of the work or, when it throws or is only tried, nothing of it. */
  attempt<T>(work: () => T, isTrial = false): T {
    const undoing: (() => void)[] = [];
    this.undoing = undoing;
    let isKept = false;
    try {
      const result = work();
      isKept = !isTrial;
      return result;
    } finally {
      this.undoing = null;
      if (!isKept) for (const undo of undoing.reverse()) undo();
      else if (undoing.length > 0) this.tell();
    }
  }

  /** `i-` and 17 random hexadecimal digits: never one that was in use before, also not after a restart. */
  newId(prefix: string): string {
    return `${prefix}-0${randomBytes(8).toString('hex')}`;
  }

  nextSequence(): number {
    this.sequence += 1;
    return this.sequence;
  }

  /** After a restart: nothing that comes is to stand before what is there. */
  continueAfter(sequence: number): void {
    this.sequence = Math.max(this.sequence, sequence);
  }

  private table<K extends Kind>(kind: K): Table<Records[K]> {
    return new Table<Records[K]>({
      lagMs: this.options.lagMs,
      now: () => this.now(),
      changed: (undo, value) => {
        if (value !== null && value.due !== null) {
          this.agenda.add({ at: value.due, table: kind, id: value.id });
        }
        if (this.undoing) this.undoing.push(undo);
        else this.tell();
      },
    });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
