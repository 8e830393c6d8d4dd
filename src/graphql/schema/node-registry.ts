import { nounOfId } from '../../kernel';
import type { IdNoun } from '../../kernel';
import type { RequestContext } from '../request-context';

/** Finds one object by its id on behalf of the operation's caller; null for unknown and for foreign ones. */
export type NodeFinder = (context: RequestContext, id: string) => Promise<{ id: string } | null>;

/** Who answers for which ids, filled once by the composition root. Keeps `node(id)` free of every noun. */
export class NodeRegistry {
  private readonly finders = new Map<IdNoun, NodeFinder>();

  register(noun: IdNoun, finder: NodeFinder): void {
    this.finders.set(noun, finder);
  }

  async find(context: RequestContext, id: string): Promise<{ id: string } | null> {
    const noun = nounOfId(id);
    const finder = noun && this.finders.get(noun);
    return finder ? finder(context, id) : null;
  }
}
