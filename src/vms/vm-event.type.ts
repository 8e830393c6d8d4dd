import { ArgsType, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { VmEvent } from './vm-event-streams';
import { toVmType, VmType } from './vm.type';

const VmEventKindEnum = {
  CREATED: 'CREATED',
  CHANGED: 'CHANGED',
  DELETED: 'DELETED',
  LAGGED: 'LAGGED',
} as const;
registerEnumType(VmEventKindEnum, {
  name: 'VmEventKind',
  description: 'What happened to a VM. New values may be added.',
  valuesConfig: {
    CREATED: { description: 'It was asked for.' },
    CHANGED: { description: 'Something about it changed, by us or on its backend.' },
    DELETED: { description: 'It is gone.' },
    LAGGED: {
      description:
        'Events are missing before the next one: they are no longer kept, or the client was too slow. Read the state anew.',
    },
  },
});

@ObjectType('VmEvent', { description: 'A change of a VM.' })
export class VmEventType {
  @Field(() => String, { description: 'Hand this back as `after` to go on behind this event.' })
  cursor!: string;

  @Field(() => VmType, { description: 'The VM as the change left it.' })
  vm!: VmType;

  @Field(() => VmEventKindEnum, { description: 'What happened.' })
  kind!: keyof typeof VmEventKindEnum;

  @Field(() => Date, { description: 'When it happened, by the database’s clock.' })
  at!: Date;
}

@ArgsType()
export class VmEventsArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Only VMs of this tenant; a tenant’s own token always sees just its own.',
  })
  tenantId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only this VM.' })
  vmId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last event seen: everything since comes first, then what happens.',
  })
  after?: string | null;
}

export function toVmEventType(event: VmEvent): VmEventType {
  return { cursor: event.cursor, kind: event.kind, at: new Date(event.at), vm: toVmType(event.vm) };
}
