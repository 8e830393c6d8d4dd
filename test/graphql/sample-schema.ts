import { setImmediate as nextTurn } from 'node:timers/promises';
import { IsEmail, MaxLength, ValidateNested } from 'class-validator';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import {
  buildApiSchema,
  connectionType,
  LoaderKey,
  Node,
  PageArgs,
  type RequestContext,
  requireScope,
  toConnection,
  toPage,
} from '../../src/graphql';
import { AppError, notFound } from '../../src/kernel';

export const SQL_TEXT = "SELECT secret FROM api_token WHERE hash = 'deadbeef'";

@ObjectType('Vm', { implements: Node, description: 'A thing of the sample.' })
export class Item extends Node {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => [Item], { description: 'A list without pages.' })
  parts!: Item[];

  @Field(() => Item, { nullable: true, description: 'One other.' })
  parent?: Item | null;
}
const ItemConnection = connectionType('Vm', () => Item);

@InputType({ description: 'A part of an input.' })
class ContactInput {
  @Field(() => String, { description: 'An address.' })
  @IsEmail()
  email!: string;
}

@InputType({ description: 'What a sample mutation takes.' })
class SaveInput {
  @Field(() => String, { description: 'A name.' })
  @MaxLength(5)
  name!: string;

  @Field(() => Int, { nullable: true, description: 'A number.' })
  size?: number | null;

  @Field(() => String, { nullable: true, description: 'A secret.' })
  password?: string | null;

  @Field(() => ContactInput, { nullable: true, description: 'Nested.' })
  @ValidateNested()
  contact?: ContactInput | null;
}

const COUNTER = new LoaderKey<{ uses: number }>('counter');

function useCounter(context: RequestContext): number {
  const counter = context.loader(COUNTER, () => ({ uses: 0 }));
  counter.uses += 1;
  return counter.uses;
}

/** A subscription's source that a test feeds by hand; `ended` tells that its consumer has left. */
export class Feed implements AsyncIterableIterator<number> {
  ended = false;
  private readonly queue: (number | Error)[] = [];
  private wake: (() => void) | null = null;

  push(value: number | Error): void {
    this.queue.push(value);
    this.wake?.();
  }

  async next(): Promise<IteratorResult<number>> {
    while (this.queue.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const value = this.queue.shift();
    if (value instanceof Error) throw value;
    return value === undefined ? { done: true, value: undefined } : { done: false, value };
  }

  async return(): Promise<IteratorResult<number>> {
    this.ended = true;
    this.wake?.();
    await nextTurn();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** What a test lets the resolvers do. */
export interface SampleControls {
  feed: Feed;
  /** What the query `held` waits for. */
  gate: Promise<void>;
  /** Called when `held` has begun to wait. */
  onHeld: () => void;
}

function emptyPage(args: PageArgs): unknown {
  return toConnection({
    rows: [],
    page: toPage(args),
    keyOf: () => ({ id: '', value: null }),
    toNode: (row) => row,
    totalCount: () => 0,
  });
}

export function buildSampleSchema(controls: SampleControls): GraphQLSchema {
  @Resolver()
  class SampleResolver {
    @Query(() => String, { description: 'Who asks.' })
    whoami(@Ctx() context: RequestContext): string {
      return requireScope(context).actor;
    }

    @Query(() => ItemConnection, { description: 'A list.' })
    vms(@Args(() => PageArgs) args: PageArgs): unknown {
      return emptyPage(args);
    }

    @Query(() => [Item], { description: 'A list without pages.' })
    all(): Item[] {
      return [];
    }

    @Query(() => Item, { nullable: true, description: 'Always missing.' })
    vm(@Arg('id', () => ID, { description: 'Its id.' }) id: string): Item {
      throw notFound('VM', id);
    }

    @Query(() => Int, { description: 'Uses of a loader within this operation.' })
    counted(@Ctx() context: RequestContext): number {
      return useCounter(context);
    }

    @Query(() => String, { nullable: true, description: 'Fails as a bug would.' })
    broken(): string {
      throw Object.assign(new Error(`ER_PARSE_ERROR: ${SQL_TEXT}`), { sql: SQL_TEXT });
    }

    @Query(() => String, { nullable: true, description: 'Fails with an error that carries extensions.' })
    leaky(): string {
      throw new GraphQLError('leak', { extensions: { code: 'LEAK', exception: { sql: SQL_TEXT } } });
    }

    @Query(() => String, { nullable: true, description: 'Throws what is no error.' })
    oddly(): string {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a careless library may do
      throw SQL_TEXT;
    }

    @Query(() => String, { nullable: true, description: 'Fails with our own internal error.' })
    internal(): string {
      throw new AppError('INTERNAL', 'The backend answered nonsense.', { cause: new Error(SQL_TEXT) });
    }

    @Query(() => Int, { description: 'Null where there must be a number.' })
    nothing(): number | null {
      return null;
    }

    @Query(() => String, { description: 'Waits.' })
    async held(): Promise<string> {
      controls.onHeld();
      await controls.gate;
      return 'released';
    }

    @Mutation(() => String, { description: 'Saves nothing.' })
    save(@Arg('input', () => SaveInput, { description: 'What.' }) input: SaveInput): string {
      return input.name;
    }

    @Subscription(() => Int, {
      description: 'Numbers.',
      subscribe: ({ context }: { context: RequestContext }) => {
        requireScope(context);
        return controls.feed;
      },
    })
    numbers(@Root() value: number, @Ctx() context: RequestContext): number {
      if (value < 0) throw new AppError('FAILED_PRECONDITION', 'Negative.');
      if (value === 13) throw new Error(SQL_TEXT);
      return value * 100 + useCounter(context);
    }

    @Subscription(() => Int, {
      description: 'Cannot begin.',
      subscribe: () => {
        throw new AppError('NOT_FOUND', 'No such stream.');
      },
    })
    missing(@Root() value: number): number {
      return value;
    }

    @Subscription(() => Int, {
      description: 'Cannot begin, by a bug.',
      subscribe: () => {
        throw new Error(SQL_TEXT);
      },
    })
    faulty(@Root() value: number): number {
      return value;
    }
  }
  @Resolver(() => Item)
  class ItemResolver {
    @FieldResolver(() => ItemConnection, { description: 'A list with pages.' })
    children(@Args(() => PageArgs) args: PageArgs): unknown {
      return emptyPage(args);
    }
  }
  return buildApiSchema([SampleResolver, ItemResolver]);
}
