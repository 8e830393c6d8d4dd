import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, MutationInput, Node, toDate } from '../graphql';
import type { Realization, Template } from './template';

@ObjectType({ description: 'Which image a template is on one backend.' })
export class TemplateRealization {
  @Field(() => String, {
    nullable: true,
    description:
      'The provider’s own words for the image. For administrators; null for everybody else, for it may name files of a host.',
  })
  imageRef!: string | null;

  /** For the field resolver; no field of the API. */
  backendId!: string;
}

@ObjectType('Template', {
  implements: Node,
  description: 'A catalog entry: the same template deploys on every backend that it has a realization for.',
})
export class TemplateType extends Node {
  @Field(() => String, { description: 'Its name, unique among the tenant’s and among the shared ones.' })
  name!: string;

  @Field(() => Int, { description: 'The smallest disk that its images fit on, in GiB.' })
  minDiskGib!: number;

  @Field(() => Date, { description: 'When it was registered.' })
  createdAt!: Date;

  /** For the field resolvers; no fields of the API. */
  tenantId!: string | null;
  known!: readonly Realization[];
}

export const TemplateConnection = connectionType('Template', () => TemplateType);

@InputType({ description: 'Which templates; every condition given has to hold.' })
export class TemplateFilter {
  @Field(() => String, { nullable: true, description: 'Only templates of exactly this name.' })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only this tenant’s own templates.' })
  tenantId?: string | null;
}

@InputType({ description: 'Which image the template is on one backend.' })
export class RealizationInput {
  @Field(() => String, { description: 'The backend’s name or id.' })
  backend!: string;

  @Field(() => String, {
    description:
      'The image, in the provider’s own words: a volume’s name or a path (libvirt), a template’s or a VM’s name or id ' +
      '(vSphere), an image’s name or id (OpenStack), an AMI id (EC2), any name (memory).',
  })
  imageRef!: string;
}

@InputType({ description: 'The template to register.' })
export class RegisterTemplateInput extends MutationInput {
  @Field(() => String, {
    description: 'Its name: 1 to 63 letters, digits, dots, hyphens or underscores.',
  })
  name!: string;

  @Field(() => [RealizationInput], { description: 'Its images, at most one for each backend.' })
  realizations!: RealizationInput[];

  @Field(() => Int, {
    nullable: true,
    description: 'The smallest disk for its VMs, in GiB; what the images need when absent.',
  })
  minDiskGib?: number | null;

  @Field(() => ID, { nullable: true, description: 'The tenant that it is for; every tenant when absent.' })
  tenantId?: string | null;
}

@ObjectType({ description: 'The answer to `registerTemplate`.' })
export class RegisterTemplatePayload {
  @Field(() => TemplateType, { description: 'The new template.' })
  template!: TemplateType;
}

export function toTemplateType(template: Template): TemplateType {
  return {
    id: template.id,
    name: template.name,
    minDiskGib: template.minDiskGib,
    createdAt: toDate(template.createdAt),
    tenantId: template.tenantId,
    known: template.realizations,
  };
}
