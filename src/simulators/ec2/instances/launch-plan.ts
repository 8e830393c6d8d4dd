import { ApiError, invalidValue } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import { find } from '../model/ids';
import type { Image, MetadataOptions } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications } from '../tags/tag-specifications';
import { instanceType } from '../types/catalog';
import type { InstanceType } from '../types/catalog';
import { readCards } from './card-plans';
import { readDisks } from './disk-plans';
import type { LaunchPlan } from './launch';
import { checkUserData } from './user-data';

const USUAL_TYPE = 't3.micro';

/** Reads a request for instances, and refuses what cannot be. */
export function readLaunchPlan(
  world: World,
  parameters: Parameters,
  clientToken: string,
): { readonly plan: LaunchPlan; readonly type: InstanceType } {
  const image = find(world, 'image', parameters.required('ImageId'));
  if (image.state !== 'available') {
    throw new ApiError('InvalidAMIID.Unavailable', `The image id '[${image.id}]' is not available.`);
  }
  const type = readType(parameters.text('InstanceType') ?? USUAL_TYPE, image);
  const keyName = parameters.text('KeyName');
  if (keyName !== null) checkKey(world, keyName);
  const userData = parameters.text('UserData');
  if (userData !== null) checkUserData(userData);
  const tagsFor = readTagSpecifications(parameters, ['instance', 'volume', 'network-interface']);
  const behavior = parameters.oneOf('InstanceInitiatedShutdownBehavior', ['stop', 'terminate']);
  const plan: LaunchPlan = {
    facts: {
      clientToken,
      instanceType: type.id,
      keyName,
      userData,
      disableApiTermination: parameters.flag('DisableApiTermination') ?? false,
      disableApiStop: parameters.flag('DisableApiStop') ?? false,
      shutdownBehavior: behavior ?? 'stop',
      ebsOptimized: parameters.flag('EbsOptimized') ?? false,
      monitoring: parameters.struct('Monitoring').flag('Enabled') ?? false,
      metadataOptions: readMetadataOptions(parameters.struct('MetadataOptions')),
    },
    image,
    cards: readCards(world, parameters, type),
    disks: readDisks(world, parameters, image),
    instanceTags: tagsFor('instance'),
    volumeTags: tagsFor('volume'),
    cardTags: tagsFor('network-interface'),
  };
  return { plan, type };
}

export function readType(id: string, { architecture }: Pick<Image, 'architecture'>): InstanceType {
  const type = instanceType(id);
  if (type === null) throw new ApiError('InvalidParameterValue', `Invalid value '${id}' for InstanceType.`);
  if (type.architecture !== architecture) {
    throw new ApiError(
      'InvalidParameterValue',
      `The architecture '${type.architecture}' of the specified instance type does not match the architecture '${architecture}' of the specified AMI.`,
    );
  }
  return type;
}

function checkKey(world: World, name: string): void {
  const exists = world.tables['key-pair'].allSeen().some((pair) => pair.name === name);
  if (!exists) throw new ApiError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
}

function readMetadataOptions(parameters: Parameters): MetadataOptions {
  return {
    httpTokens: parameters.oneOf('HttpTokens', ['optional', 'required']) ?? 'optional',
    httpPutResponseHopLimit: parameters.integer('HttpPutResponseHopLimit', 1, 64) ?? 1,
    httpEndpoint: parameters.oneOf('HttpEndpoint', ['enabled', 'disabled']) ?? 'enabled',
    instanceMetadataTags: parameters.oneOf('InstanceMetadataTags', ['enabled', 'disabled']) ?? 'disabled',
  };
}

/** Empty for none. */
export function readClientToken(parameters: Parameters): string {
  const token = parameters.text('ClientToken') ?? '';
  if (!/^[\x21-\x7e]{0,64}$/.test(token)) {
    throw invalidValue('clientToken', token, 'A client token has at most 64 ASCII characters');
  }
  return token;
}
