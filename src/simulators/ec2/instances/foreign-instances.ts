import type { World } from '../model/world';
import { launch } from './launch';
import type { LaunchPlan } from './launch';

const DEFAULT_METADATA = {
  httpTokens: 'optional',
  httpPutResponseHopLimit: 1,
  httpEndpoint: 'enabled',
  instanceMetadataTags: 'disabled',
} as const;

/** Somebody else's, spread over the default subnets: the even ones run, the others are stopped. */
export function addForeignInstances(world: World): void {
  const subnets = world.tables.subnet.all().filter(({ isDefault }) => isDefault);
  const image = world.tables.image.all().find(({ architecture }) => architecture === 'x86_64');
  const [group] = world.tables['security-group'].all();
  if (image === undefined || group === undefined) throw new TypeError('There is nothing to launch from.');
  for (let index = 0; index < world.options.vms; index += 1) {
    const subnet = subnets[index % subnets.length];
    if (subnet === undefined) throw new TypeError('There is no default subnet.');
    const plan: LaunchPlan = {
      facts: {
        clientToken: '',
        instanceType: 't3.micro',
        keyName: null,
        userData: null,
        disableApiTermination: false,
        disableApiStop: false,
        shutdownBehavior: 'stop',
        ebsOptimized: false,
        monitoring: false,
        metadataOptions: DEFAULT_METADATA,
      },
      image,
      cards: [
        {
          deviceIndex: 0,
          subnet,
          groupIds: [group.id],
          privateIp: null,
          wantsPublicIp: false,
          description: '',
          deleteOnTermination: true,
        },
      ],
      disks: image.disks.map((disk) => ({ ...disk, encrypted: false })),
      instanceTags: [{ key: 'Name', value: `vm-${String(index).padStart(4, '0')}` }],
      volumeTags: [],
      cardTags: [],
    };
    const instance = launch(world, plan, { reservationId: world.newId('r'), launchIndex: 0 });
    const runs = index % 2 === 0;
    const settled = {
      ...instance,
      due: null,
      stateReason: null,
      state: runs ? 'running' : 'stopped',
      runningSince: runs ? world.now() - world.options.bootMs : null,
    } as const;
    world.tables.instance.put(settled, 0);
  }
}
