import type { Actions } from '../model/action';
import type { World } from '../model/world';
import { describeInstanceAttribute, modifyInstanceAttribute } from './attributes';
import { getConsoleOutput } from './console';
import { describeInstanceStatus, describeInstances } from './describe-instances';
import type { LaunchFates } from './launch-fates';
import { rebootInstances, startInstances, stopInstances, terminateInstances } from './power';
import { runInstances } from './run-instances';

export function instanceActions(world: World, fates: LaunchFates): Actions {
  return {
    RunInstances: (parameters) => runInstances(world, fates, parameters),
    DescribeInstances: (parameters) => describeInstances(world, parameters),
    DescribeInstanceStatus: (parameters) => describeInstanceStatus(world, parameters),
    StartInstances: (parameters) => startInstances(world, parameters),
    StopInstances: (parameters) => stopInstances(world, parameters),
    RebootInstances: (parameters) => rebootInstances(world, parameters),
    TerminateInstances: (parameters) => terminateInstances(world, parameters),
    ModifyInstanceAttribute: (parameters) => modifyInstanceAttribute(world, parameters),
    DescribeInstanceAttribute: (parameters) => describeInstanceAttribute(world, parameters),
    GetConsoleOutput: (parameters) => getConsoleOutput(world, parameters),
  };
}
