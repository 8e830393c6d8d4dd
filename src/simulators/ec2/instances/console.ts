import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import { find } from '../model/ids';
import type { Instance } from '../model/records';
import type { World } from '../model/world';
import { hasBooted } from './describe-instances';
import { cardsOf } from './instance-view';

/** What the guest has written so far, in base64; nothing before it runs. */
export function getConsoleOutput(world: World, parameters: Parameters): XmlObject {
  const instance = find(world, 'instance', parameters.required('InstanceId'));
  const output = linesOf(world, instance).map((line) => `${line}\r\n`);
  return {
    instanceId: instance.id,
    timestamp: new Date(world.now()),
    output: Buffer.from(output.join('')).toString('base64'),
  };
}

function linesOf(world: World, instance: Instance): readonly string[] {
  if (instance.runningSince === null) return [];
  const host = `ip-${cardsOf(world, instance)[0]?.privateIp.replaceAll('.', '-') ?? 'unknown'}`;
  const early = [
    `[    0.000000] Linux version 6.1.0-32-cloud (simulated, ${instance.architecture})`,
    `[    0.000000] Command line: root=${instance.rootDeviceName} console=ttyS0`,
    '[    0.731204] EXT4-fs (nvme0n1p1): mounted filesystem',
  ];
  if (!hasBooted(world, instance)) return early;
  const seconds = (world.options.bootMs / 1_000).toFixed(2);
  return [
    ...early,
    `cloud-init: ${instance.userData === null ? 'no user data' : 'user data found'}`,
    `cloud-init: finished. Datasource DataSourceEc2Local. Up ${seconds} seconds`,
    '',
    `${host} login: `,
  ];
}
