import 'reflect-metadata';
import { graphql } from 'graphql';
import { Args, Field, ID, InputType, Int, Arg, ObjectType, Query, Resolver } from 'type-graphql';
import {
  buildApiSchema,
  connectionType,
  Node,
  PageArgs,
  printApiSchema,
  toConnection,
  toPage,
  undescribedElements,
} from '../index';

@ObjectType('Vm', { implements: Node, description: 'A machine.' })
class VmType extends Node {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

const VmConnection = connectionType('Vm', () => VmType);
type VmConnection = InstanceType<typeof VmConnection>;

@InputType({ description: 'What to look for.' })
class LookupInput {
  @Field(() => ID)
  id!: string;
}

const vmId = (n: number): string => `vm_${String(n).padStart(32, '0')}`;
const made = new Date('2026-01-31T09:30:00Z');
let counted = 0;

@Resolver()
class SampleResolver {
  @Query(() => VmConnection, { description: 'All machines.' })
  vms(@Args(() => PageArgs) args: PageArgs): VmConnection {
    const page = toPage(args);
    const all = Array.from({ length: 5 }, (_, n) => ({ id: vmId(n), name: `vm-${n}`, createdAt: made }));
    const after = all.filter((vm) => page.after === null || vm.id > page.after.id);
    const rows = after.filter((vm) => page.before === null || vm.id < page.before.id);
    if (page.backward) rows.reverse();
    return toConnection({
      rows: rows.slice(0, page.limit + 1),
      page,
      keyOf: (vm) => ({ id: vm.id, value: null }),
      toNode: (vm) => vm,
      totalCount: () => (counted += 1) && Promise.resolve(5),
    });
  }

  @Query(() => Node, { nullable: true, description: 'Any object.' })
  node(@Arg('input', () => LookupInput) input: LookupInput): Node | null {
    return { id: input.id, name: 'found', createdAt: made } as unknown as Node;
  }

  @Query(() => Int)
  plain(): number {
    return 1;
  }
}

const schema = buildApiSchema([SampleResolver]);

async function run(source: string): Promise<Record<string, unknown>> {
  const result = await graphql({ schema, source });
  expect(result.errors).toBeUndefined();
  return JSON.parse(JSON.stringify(result.data)) as Record<string, unknown>;
}

describe('buildApiSchema', () => {
  it('resolves a plain object behind Node by its id', async () => {
    const source = `{ node(input: {id: "${vmId(7)}"}) { __typename id ... on Vm { name createdAt } } }`;
    expect(await run(source)).toEqual({
      node: { __typename: 'Vm', id: vmId(7), name: 'found', createdAt: '2026-01-31T09:30:00.000Z' },
    });
  });

  it('pages forward and backward, and meets in the middle', async () => {
    const forward = (
      await run('{ vms(first: 2) { nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor } } }')
    )['vms'] as { pageInfo: { endCursor: string } };
    expect(forward).toMatchObject({
      nodes: [{ name: 'vm-0' }, { name: 'vm-1' }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    const rest = await run(
      `{ vms(after: "${forward.pageInfo.endCursor}") { edges { node { name } } pageInfo { hasNextPage hasPreviousPage } } }`,
    );
    expect(rest).toMatchObject({
      vms: {
        edges: [{ node: { name: 'vm-2' } }, { node: { name: 'vm-3' } }, { node: { name: 'vm-4' } }],
        pageInfo: { hasNextPage: false, hasPreviousPage: true },
      },
    });
    expect(
      await run('{ vms(last: 2) { nodes { name } pageInfo { hasNextPage hasPreviousPage } } }'),
    ).toMatchObject({
      vms: {
        nodes: [{ name: 'vm-3' }, { name: 'vm-4' }],
        pageInfo: { hasNextPage: false, hasPreviousPage: true },
      },
    });
  });

  it('counts only when asked to', async () => {
    counted = 0;
    await run('{ vms { nodes { id } } }');
    expect(counted).toBe(0);
    expect(await run('{ vms(first: 0) { totalCount nodes { id } } }')).toEqual({
      vms: { totalCount: 5, nodes: [] },
    });
    expect(counted).toBe(1);
  });

  it('prints sorted text with descriptions', () => {
    const text = printApiSchema(schema);
    expect(text).toContain('"""A page of objects of the type Vm."""\ntype VmConnection {');
    expect(text).toBe(printApiSchema(buildApiSchema([SampleResolver])));
  });

  it('lists what has no description', () => {
    expect(undescribedElements(schema)).toEqual(['LookupInput.id', 'Query.node(input:)', 'Query.plain']);
  });
});
