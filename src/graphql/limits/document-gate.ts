import {
  type DocumentNode,
  type GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { checkDocumentLimits } from './early-guard';
import type { HttpServerOptions } from '../settings';

/** Documents that are kept, and how long one may be; clients of one kind send few different ones. */
const MAX_KEPT = 200;
const MAX_KEPT_LENGTH = 8 * 1024;

type GateOptions = Pick<HttpServerOptions, 'schema' | 'server' | 'limits'>;

/**
 * Parses and validates. Equal texts become the same document, so that thousands of equal subscriptions neither cost
 * thousands of validations nor hold thousands of syntax trees.
 */
export class DocumentGate {
  private readonly kept = new Map<string, DocumentNode>();

  constructor(private readonly options: GateOptions) {}

  /**
   * The document, or why it is not valid.
   * @throws GraphQLError for a syntax error, INVALID_ARGUMENT for an exceeded limit
   */
  admit(text: string): DocumentNode | GraphQLError[] {
    const known = this.kept.get(text);
    if (known !== undefined) {
      this.kept.delete(text);
      this.kept.set(text, known);
      return known;
    }
    const { schema, limits, server } = this.options;
    const document = parse(text, { maxTokens: limits.maxTokens });
    checkDocumentLimits(document, limits);
    const extraRules = server.introspection ? [] : [NoSchemaIntrospectionCustomRule];
    const invalid = validate(schema, document, [...specifiedRules, ...extraRules]);
    if (invalid.length > 0) return [...invalid];
    this.keep(text, document);
    return document;
  }

  private keep(text: string, document: DocumentNode): void {
    if (text.length > MAX_KEPT_LENGTH) return;
    const [oldest] = this.kept.keys();
    if (this.kept.size >= MAX_KEPT && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(text, document);
  }
}
