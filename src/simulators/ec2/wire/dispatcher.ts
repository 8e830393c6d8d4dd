import type { Actions } from '../model/action';
import type { World } from '../model/world';
import { ApiError } from './api-error';
import type { Parameters } from './parameters';
import type { XmlObject } from './xml';

export const API_VERSION = '2016-11-15';

/** Finds the action that a request asks for and runs it, all of it or nothing. */
export class Dispatcher {
  private readonly counts = new Map<string, number>();
  private readonly refusals: { readonly action: string; readonly error: ApiError }[] = [];

  constructor(
    private readonly world: World,
    private readonly actions: Actions,
  ) {}

  /** How many requests there were for each action, refused ones too. */
  get requests(): ReadonlyMap<string, number> {
    return this.counts;
  }

  /** Counts a request that has come, whatever becomes of it. */
  count(action: string): void {
    this.counts.set(action, (this.counts.get(action) ?? 0) + 1);
  }

  /** The next request for the action is answered with this instead. */
  refuseNext(action: string, error: ApiError): void {
    this.refusals.push({ action, error });
  }

  /** @throws ApiError for everything that the client has to be told */
  run(name: string, parameters: Parameters): XmlObject {
    const version = parameters.text('Version');
    if (version === null)
      throw new ApiError('MissingParameter', 'The request must contain the parameter Version');
    const action = Object.hasOwn(this.actions, name) ? this.actions[name] : undefined;
    if (action === undefined || version !== API_VERSION) {
      throw new ApiError('InvalidAction', `The action ${name} is not valid for this web service.`);
    }
    this.throwOrdered(name);
    this.world.settle();
    const isDryRun = parameters.flag('DryRun') ?? false;
    const result = this.world.attempt(() => action(parameters), isDryRun);
    if (!isDryRun) return result;
    throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  }

  private throwOrdered(name: string): void {
    const index = this.refusals.findIndex(({ action }) => action === name);
    const [ordered] = index < 0 ? [] : this.refusals.splice(index, 1);
    if (ordered) throw ordered.error;
  }
}
