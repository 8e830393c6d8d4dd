import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { AppError } from '../../kernel';

/** What one operation asks for, its fragments counted at each place where they are spread. */
interface Measures {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields named again in the selection set that names them already. */
  readonly repeatedFields: number;
}

export interface DocumentLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  readonly maxRepeatedFields: number;
}

const NOTHING: Measures = { depth: 0, aliases: 0, directives: 0, repeatedFields: 0 };

function add(left: Measures, right: Measures): Measures {
  return {
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    repeatedFields: left.repeatedFields + right.repeatedFields,
  };
}

function repetitionsIn(selections: readonly SelectionNode[]): number {
  const keys = selections.flatMap((one) => (one.kind === Kind.FIELD ? [(one.alias ?? one.name).value] : []));
  return keys.length - new Set(keys).size;
}

/** Measures each fragment once, however often it is spread: the work stays linear in the document's size. */
class DocumentMeter {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly measured = new Map<string, Measures>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  operation(node: OperationDefinitionNode): Measures {
    return add(this.selectionSet(node.selectionSet), {
      ...NOTHING,
      directives: node.directives?.length ?? 0,
    });
  }

  private selectionSet(node: SelectionSetNode): Measures {
    const own = { ...NOTHING, repeatedFields: repetitionsIn(node.selections) };
    return node.selections.reduce((sum, selection) => add(sum, this.selection(selection)), own);
  }

  private selection(node: SelectionNode): Measures {
    const directives = { ...NOTHING, directives: node.directives?.length ?? 0 };
    if (node.kind === Kind.FRAGMENT_SPREAD) return add(directives, this.fragment(node.name.value));
    const inner = node.selectionSet ? this.selectionSet(node.selectionSet) : NOTHING;
    if (node.kind === Kind.INLINE_FRAGMENT) return add(directives, inner);
    // graphql-js bounds introspection by a rule of its own, and tools need it deep.
    const depth = node.name.value.startsWith('__') ? 0 : inner.depth + 1;
    return add(directives, { ...inner, depth, aliases: inner.aliases + (node.alias ? 1 : 0) });
  }

  private fragment(name: string): Measures {
    const known = this.measured.get(name);
    if (known) return known;
    // Validation has refused cycles; the entry made ahead keeps a document without validation from looping.
    this.measured.set(name, NOTHING);
    const fragment = this.fragments.get(name);
    const measures = fragment ? this.selectionSet(fragment.selectionSet) : NOTHING;
    this.measured.set(name, measures);
    return measures;
  }
}

/** The refusal of an operation that asks for too much; `details` is `{limit, max, actual}`. */
export function limitExceeded(limit: string, max: number, actual: number | null): AppError {
  const found = actual === null ? '' : `; this one has ${actual}`;
  const message = `The operation exceeds the limit of ${max} for ${limit}${found}.`;
  // Not RESOURCE_EXHAUSTED, which invites to try again later: the same document is refused for ever.
  return new AppError('INVALID_ARGUMENT', message, { details: { limit, max, actual } });
}

/** Measures do not change, and servers keep parsed documents: each is measured once. */
const measuredOperations = new WeakMap<OperationDefinitionNode, Measures>();

/**
 * @throws INVALID_ARGUMENT when the operation is too deep, or has too many aliases, directives or repeated fields
 */
export function checkDocument(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: DocumentLimits,
): void {
  const measures = measuredOperations.get(operation) ?? new DocumentMeter(document).operation(operation);
  measuredOperations.set(operation, measures);
  const checks = [
    ['depth', limits.maxDepth, measures.depth],
    ['aliases', limits.maxAliases, measures.aliases],
    ['directives', limits.maxDirectives, measures.directives],
    ['repeatedFields', limits.maxRepeatedFields, measures.repeatedFields],
  ] as const;
  for (const [limit, max, actual] of checks) {
    if (actual > max) throw limitExceeded(limit, max, actual);
  }
}
