import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { NodeRegistry } from './node-registry';
import { Node } from './node.type';
import { requireScope } from '../request-context';
import type { RequestContext } from '../request-context';

@Resolver()
export class NodeResolver {
  constructor(private readonly nodes: NodeRegistry) {}

  @Query(() => Node, {
    nullable: true,
    description: 'Finds any object by its global id; null when there is none that the caller may see.',
  })
  node(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'A global id.' }) id: string,
  ): Promise<Node | null> {
    requireScope(context);
    return this.nodes.find(context, id);
  }
}
