import { Field, ID, InterfaceType } from 'type-graphql';
import { nounOfId } from '../../kernel';

/** `task` becomes `Task`: a noun's object type is named after it, so that an id alone tells the type. */
function typeNameOf(value: { id: string }): string | undefined {
  const noun = nounOfId(value.id);
  return noun === null ? undefined : noun.charAt(0).toUpperCase() + noun.slice(1);
}

/** Whatever has a global id. Resolvers may answer with plain objects: the id says which type they are. */
@InterfaceType('Node', {
  description: 'An object with a global id, which `node(id)` finds again.',
  resolveType: typeNameOf,
})
export abstract class Node {
  @Field(() => ID, {
    description:
      'The global id: unique over all types, stable for the life of the object, opaque to clients.',
    simple: true,
  })
  id!: string;
}
