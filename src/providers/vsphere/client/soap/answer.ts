import type { LocalizedFault } from '../schema/faults';
import { MethodFault } from '../schema/faults';
import { METHODS } from '../schema/methods';
import type { MethodName } from '../schema/methods';
import { typeRegistry } from '../schema/type-registry';
import { BadAnswerError } from './bad-answer';
import { Decoder } from './decoder';
import { Planner } from './plan';
import type { FieldPlan, Plan, StructPlan } from './plan';
import { XmlReader } from './xml-reader';

export type Answer =
  | { readonly fault: LocalizedFault; readonly result?: never }
  | { readonly fault: null; readonly result: unknown };

const planner = new Planner(typeRegistry());

const field = (name: string, plan: Plan): FieldPlan => ({ name, plan, list: false });

function structOf(name: string, fields: readonly FieldPlan[], wildcard: FieldPlan | null = null): StructPlan {
  return {
    kind: 'struct',
    name,
    fields: new Map(fields.map((entry) => [entry.name, entry])),
    required: [],
    lists: [],
    wildcard,
  };
}

const TEXT: Plan = { kind: 'text', schema: null };
/** The detail's element is named after the fault (`NotAuthenticatedFault`); its type says which it is. */
const DETAIL = structOf('detail', [], field('fault', planner.of(MethodFault)));
const FAULT = structOf('Fault', [
  field('faultcode', TEXT),
  field('faultstring', TEXT),
  field('detail', DETAIL),
]);
const envelopes = new Map<MethodName, FieldPlan>();

function envelopeOf(method: MethodName): FieldPlan {
  let envelope = envelopes.get(method);
  if (envelope === undefined) {
    const { result } = METHODS[method];
    const answer = result === null ? [] : [field('returnval', planner.of(result))];
    const response = structOf(method, answer);
    const body = structOf('Body', [{ name: 'response', plan: response, list: false }, field('Fault', FAULT)]);
    body.fields.set(`${method}Response`, { name: 'response', plan: response, list: false });
    envelope = field('Envelope', structOf('Envelope', [field('Body', body)]));
    envelopes.set(method, envelope);
  }
  return envelope;
}

interface Envelope {
  readonly Body?: {
    readonly response?: { readonly returnval?: unknown };
    readonly Fault?: {
      readonly faultstring?: string;
      readonly detail?: { readonly fault?: LocalizedFault['fault'] };
    };
  };
}

/** Reads the answer to one call, chunk by chunk. */
export class AnswerReader {
  private readonly decoder: Decoder;
  private readonly xml: XmlReader;

  constructor(private readonly method: MethodName) {
    this.decoder = new Decoder(planner, envelopeOf(method));
    this.xml = new XmlReader(this.decoder);
  }

  /** @throws BadAnswerError */
  write(bytes: Uint8Array): void {
    this.xml.write(bytes);
  }

  /** @throws BadAnswerError where the answer is neither the method's nor a fault */
  end(): Answer {
    this.xml.end();
    const body = (this.decoder.value() as Envelope | undefined)?.Body;
    if (body?.Fault !== undefined) return { fault: localized(body.Fault) };
    if (body?.response === undefined) throw new BadAnswerError('The answer is none to the method called.');
    const { returnval } = body.response;
    const { result } = METHODS[this.method];
    if (result === null) return { fault: null, result: undefined };
    if (returnval === undefined && result.kind !== 'optional')
      throw new BadAnswerError(`The answer to ${this.method} has no value.`);
    return { fault: null, result: returnval ?? null };
  }
}

/** A fault without detail is the server's way to say that it does not know itself. */
function localized(fault: NonNullable<NonNullable<Envelope['Body']>['Fault']>): LocalizedFault {
  return {
    fault: fault.detail?.fault ?? { $type: 'RuntimeFault' },
    localizedMessage: fault.faultstring,
  };
}
