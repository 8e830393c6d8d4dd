import type { World } from '../model/world';

/** Which launches are accepted and come to nothing: by chance, or as ordered. */
export class LaunchFates {
  private readonly orders: string[] = [];

  constructor(private readonly world: World) {}

  /** The next instance that is launched ends terminated, with this code as its reason. */
  failNext(code: string): void {
    this.orders.push(code);
  }

  /** Null: it is going to run. */
  next(): string | null {
    const { fail, code } = this.world.options.launchFaults;
    return this.orders.shift() ?? (this.world.random() < fail ? code : null);
  }
}
