import { getNamedType, isCompositeType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';
import { describeApi } from '../../src/gateway/api-resolvers';
import type { Data } from '../support/api/api-answer';
import { ended } from '../support/api/requests';
import { MUTATION_ROWS } from './mutation-rows';
import type { MutationRow } from './mutation-rows';
import { IdempotencyWorld, NO_TRACES } from './world';

const mutations = describeApi().getMutationType()!.getFields();
const rows = Object.entries(MUTATION_ROWS);
const REUSED = {
  code: 'ALREADY_EXISTS',
  details: { field: 'input.idempotencyKey', reason: 'IDEMPOTENCY_KEY_REUSED' },
};

/** Everything that an answer holds: of objects their ids, or else what they hold. */
function answerOf(mutation: string): string {
  return contentsOf(mutations[mutation]!.type);
}

function contentsOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) throw new Error(`${named.name} is no object.`);
  const selections = Object.values(named.getFields()).map((field) => {
    const content = getNamedType(field.type);
    if (!isCompositeType(content)) return field.name;
    const hasId = isInterfaceType(content) || (isObjectType(content) && 'id' in content.getFields());
    return `${field.name} { ${hasId ? 'id' : contentsOf(field.type)} }`;
  });
  return selections.join(' ');
}

let world: IdempotencyWorld;
beforeAll(async () => {
  world = await IdempotencyWorld.make();
});
afterAll(() => world.close());

const newKey = (): string => `key-${String(world.next())}`;

/** The input of the row with a key of its own. */
async function keyedInput(row: MutationRow): Promise<{ readonly idempotencyKey: string }> {
  return { ...(await row.input(world)), idempotencyKey: newKey() };
}

/** Some other mutation by the same caller, about something that is there. */
function otherMutation(mutation: string, input: object): readonly [string, object] {
  if (mutation === 'setQuota') {
    const { tenantId } = input as { readonly tenantId: string };
    return ['createApiToken', { tenantId, name: 'No', role: 'VIEWER' }];
  }
  const { token, task, template } = world.standing;
  if (mutation === 'createTenant') {
    return ['registerTemplate', { name: 'no', realizations: [{ backend: 'lab', imageRef: template }] }];
  }
  if (mutation === 'registerTemplate') return ['createTenant', { slug: 'no', name: 'No' }];
  return mutation === 'revokeApiToken' ? ['cancelTask', { id: task }] : ['revokeApiToken', { id: token }];
}

/** The object is another one after it. */
async function afterItsTask(mutation: string, answer: Data): Promise<void> {
  if (mutation !== 'cancelTask' && answer.task) await ended(world.acme.viewer, answer.task.id);
}

it('has a row for every mutation', () => {
  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(mutations).sort());
});

describe.each(rows)('%s', (mutation, row) => {
  it('is done once under one key, also when what it did is over, and only for the same request', async () => {
    const caller = world.caller(row.caller);
    const input = await keyedInput(row);
    const before = world.traces();
    const first = await caller.mutate(mutation, input, answerOf(mutation));
    await afterItsTask(mutation, first);
    expect(await caller.mutate(mutation, input, answerOf(mutation))).toEqual(first);

    const changed = { ...input, ...row.change(world) };
    expect((await caller.mutateRefused(mutation, changed)).extensions).toMatchObject(REUSED);
    const [other, itsInput] = otherMutation(mutation, input);
    const { idempotencyKey } = input;
    const refused = await caller.mutateRefused(other, { ...itsInput, idempotencyKey });
    expect(refused.extensions).toMatchObject(REUSED);

    expect(world.tracesSince(before)).toEqual({ ...NO_TRACES, ...row.leaves, keys: 1 });
  });

  it('is done once, asked for ten times at once', async () => {
    const caller = world.caller(row.caller);
    const input = await keyedInput(row);
    const before = world.traces();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => caller.mutate(mutation, input, answerOf(mutation))),
    );
    expect(answers).toEqual(answers.map(() => answers[0]));
    expect(world.tracesSince(before)).toEqual({ ...NO_TRACES, ...row.leaves, keys: 1 });
  });
});
