import { Field, InputType } from 'type-graphql';

/** What every mutation takes: its input extends this. */
@InputType({ description: 'What every mutation takes.' })
export abstract class MutationInput {
  @Field(() => String, {
    nullable: true,
    description:
      '1 to 128 visible ASCII characters. The same key and input within 24 hours answer as the first time and do ' +
      'nothing; the same key with another input or for another mutation is refused with ALREADY_EXISTS.',
  })
  idempotencyKey?: string | null;
}
