import { ec2Simulator } from './ec2';
import { openstackSimulator } from './openstack';
import type { SimulatorFactory } from './simulator';
import { vsphereSimulator } from './vsphere';

export type SimulatorFactories = Readonly<Record<string, SimulatorFactory>>;

/** Every simulator there is, by the kind of provider that it is a backend for. A new one is its folder and one line. */
export const SIMULATORS: SimulatorFactories = {
  ec2: ec2Simulator,
  openstack: openstackSimulator,
  vsphere: vsphereSimulator,
};
