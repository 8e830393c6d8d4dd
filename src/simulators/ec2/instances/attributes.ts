import { ApiError, invalidCombination, invalidValue, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import { find, findAll } from '../model/ids';
import type { Instance } from '../model/records';
import type { World } from '../model/world';
import { cardsOf } from './instance-view';
import { readType } from './launch-plan';
import { incorrectState } from './states';
import { checkUserData } from './user-data';

/** By the attributes' names in `Attribute=`; the parameters have a capital letter. */
const ATTRIBUTES = [
  'instanceType',
  'userData',
  'disableApiTermination',
  'disableApiStop',
  'instanceInitiatedShutdownBehavior',
  'ebsOptimized',
  'sourceDestCheck',
  'groupSet',
  'blockDeviceMapping',
] as const;
type Attribute = (typeof ATTRIBUTES)[number];

const PARAMETERS: Readonly<Record<Attribute, string>> = {
  instanceType: 'InstanceType',
  userData: 'UserData',
  disableApiTermination: 'DisableApiTermination',
  disableApiStop: 'DisableApiStop',
  instanceInitiatedShutdownBehavior: 'InstanceInitiatedShutdownBehavior',
  ebsOptimized: 'EbsOptimized',
  sourceDestCheck: 'SourceDestCheck',
  groupSet: 'GroupId',
  blockDeviceMapping: 'BlockDeviceMapping',
};

/** One attribute at a time, as `InstanceType.Value=…`, or as `Attribute=instanceType` and `Value=…`. */
export function modifyInstanceAttribute(world: World, parameters: Parameters): XmlObject {
  const instance = find(world, 'instance', parameters.required('InstanceId'));
  if (instance.state === 'terminated' || instance.state === 'shutting-down') {
    throw incorrectState(instance, 'modified');
  }
  const named = parameters.oneOf('Attribute', ATTRIBUTES);
  const given = ATTRIBUTES.filter(
    (attribute) => attribute === named || parameters.has(PARAMETERS[attribute]),
  );
  const [attribute] = given;
  if (attribute === undefined) throw missingParameter('Attribute');
  if (given.length > 1) throw invalidCombination('Fields for multiple attribute types specified');
  if (attribute === 'groupSet') setGroups(world, instance, parameters);
  else if (attribute === 'sourceDestCheck')
    setSourceDestCheck(world, instance, valueOf(parameters, attribute));
  else {
    const changed = { ...instance, ...changesOf(instance, parameters, attribute) };
    world.tables.instance.put(changed, world.now());
  }
  return { return: true };
}

/** The structure with the `Value`. */
function valueOf(parameters: Parameters, attribute: Attribute): Parameters {
  return parameters.has(PARAMETERS[attribute]) ? parameters.struct(PARAMETERS[attribute]) : parameters;
}

function changesOf(
  instance: Instance,
  parameters: Parameters,
  attribute: Exclude<Attribute, 'groupSet' | 'sourceDestCheck'>,
): Partial<Instance> {
  const value = valueOf(parameters, attribute);
  switch (attribute) {
    case 'instanceType':
      mustBeStopped(instance, 'instanceType');
      return { instanceType: readType(value.required('Value'), instance).id };
    case 'userData': {
      mustBeStopped(instance, 'userData');
      const userData = value.text('Value') ?? '';
      checkUserData(userData);
      return { userData: userData === '' ? null : userData };
    }
    case 'disableApiTermination':
      return { disableApiTermination: flagOf(value) };
    case 'disableApiStop':
      return { disableApiStop: flagOf(value) };
    case 'instanceInitiatedShutdownBehavior':
      return { shutdownBehavior: value.oneOf('Value', ['stop', 'terminate']) ?? 'stop' };
    case 'ebsOptimized':
      mustBeStopped(instance, 'ebsOptimized');
      return { ebsOptimized: flagOf(value) };
    case 'blockDeviceMapping':
      return { volumes: changedMappings(instance, parameters) };
  }
}

function flagOf(value: Parameters): boolean {
  const flag = value.flag('Value');
  if (flag === null) throw missingParameter(value.fullName('Value'));
  return flag;
}

function mustBeStopped(instance: Instance, attribute: string): void {
  if (instance.state === 'stopped') return;
  throw new ApiError(
    'IncorrectInstanceState',
    `The instance '${instance.id}' is not in the 'stopped' state, in which its ${attribute} can be modified.`,
  );
}

function changedMappings({ volumes }: Instance, parameters: Parameters): Instance['volumes'] {
  const changes = new Map(
    parameters.structs('BlockDeviceMapping').map((mapping) => {
      const name = mapping.required('DeviceName');
      if (!volumes.some(({ deviceName }) => deviceName === name)) {
        throw invalidValue(mapping.fullName('DeviceName'), name, 'No device is attached there');
      }
      return [name, mapping.struct('Ebs').flag('DeleteOnTermination')] as const;
    }),
  );
  return volumes.map((volume) => ({
    ...volume,
    deleteOnTermination: changes.get(volume.deviceName) ?? volume.deleteOnTermination,
  }));
}

/** Those of the primary network interface. */
function setGroups(world: World, instance: Instance, parameters: Parameters): void {
  const groups = findAll(world, 'security-group', parameters.list('GroupId'));
  const foreign = groups.find(({ vpcId }) => vpcId !== instance.vpcId);
  if (foreign || groups.length === 0) {
    throw new ApiError(
      'InvalidGroup.NotFound',
      `The security group does not exist in VPC '${instance.vpcId}'`,
    );
  }
  const [primary] = cardsOf(world, instance);
  if (!primary) return;
  world.tables['network-interface'].put({ ...primary, groupIds: groups.map(({ id }) => id) }, world.now());
}

function setSourceDestCheck(world: World, instance: Instance, value: Parameters): void {
  const sourceDestCheck = flagOf(value);
  const [primary] = cardsOf(world, instance);
  if (primary) world.tables['network-interface'].put({ ...primary, sourceDestCheck }, world.now());
}

export function describeInstanceAttribute(world: World, parameters: Parameters): XmlObject {
  const instance = find(world, 'instance', parameters.required('InstanceId'));
  const attribute = parameters.oneOf('Attribute', [...ATTRIBUTES, 'rootDeviceName']);
  if (attribute === null) throw missingParameter('Attribute');
  const [primary] = cardsOf(world, instance);
  const values = {
    instanceType: { value: instance.instanceType },
    userData: instance.userData === null ? {} : { value: instance.userData },
    disableApiTermination: { value: instance.disableApiTermination },
    disableApiStop: { value: instance.disableApiStop },
    instanceInitiatedShutdownBehavior: { value: instance.shutdownBehavior },
    ebsOptimized: { value: instance.ebsOptimized },
    sourceDestCheck: { value: primary?.sourceDestCheck },
    rootDeviceName: { value: instance.rootDeviceName },
    groupSet: (primary?.groupIds ?? []).map((groupId) => ({ groupId })),
    blockDeviceMapping: instance.volumes.map(({ deviceName, volumeId, deleteOnTermination }) => ({
      deviceName,
      ebs: { volumeId, status: 'attached', deleteOnTermination },
    })),
  };
  return { instanceId: instance.id, [attribute]: values[attribute] };
}
