import type { Cloud } from '../model/cloud';
import type { Server, VmState, WorkKind } from '../model/server-record';
import type { ApiCall, ApiResult } from '../wire/api-call';
import type { ActionCall } from './action-call';
import { createImage } from './create-image';
import { findServer } from './find-server';
import { badRequest, novaError, serverNotFound, wrongState } from './nova-error';
import { confirmResize, resize, revertResize } from './resize';
import type { ComputeService } from './work/compute-service';
import { touchServer } from './work/outcomes';

type Action = (action: ActionCall) => ApiResult;

const ACCEPTED: ApiResult = { status: 202 };

/** `POST /servers/ID/action`: the body's one key says what is to be done. */
const ACTIONS: Readonly<Record<string, Action>> = {
  'os-start': simple('start', ['stopped'], 'START'),
  'os-stop': simple('stop', ['active', 'error'], 'STOP'),
  suspend: simple('suspend', ['active'], 'SUSPEND'),
  resume: simple('resume', ['suspended'], 'RESUME'),
  reboot,
  resize,
  confirmResize,
  revertResize,
  createImage,
  lock: (action) => setLocked(action, true),
  unlock: (action) => setLocked(action, false),
  'os-getConsoleOutput': consoleOutput,
};

export function runAction(cloud: Cloud, service: ComputeService, call: ApiCall): ApiResult {
  const server = findServer(cloud, call);
  const { body } = call;
  const entries: [string, unknown][] = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const [entry, ...more] = entries;
  if (!entry || more.length > 0) throw badRequest('Malformed request body');
  const [name, argument] = entry;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) throw badRequest(`There is no such action: ${name}`);
  const isHarmless = name === 'lock' || name === 'unlock' || name === 'os-getConsoleOutput';
  if (server.locked && !isHarmless) throw novaError(409, `Instance ${server.id} is locked`);
  return action({ cloud, service, server, call, argument });
}

/** @throws ApiError 409 in another state, or while something else is under way */
export function checkState(server: Server, name: string, states: readonly VmState[]): void {
  if (!states.includes(server.vmState)) throw wrongState(name, server.id, 'vm_state', server.vmState);
  if (server.taskState !== null) throw wrongState(name, server.id, 'task_state', server.taskState);
}

function simple(name: string, states: readonly VmState[], kind: WorkKind): Action {
  return ({ service, server }) => {
    // Until a host is chosen there is only a request to build it, which these two actions do not find.
    const isRequest = server.vmState === 'building' && server.host === null;
    if (isRequest && (name === 'start' || name === 'stop')) throw serverNotFound(server.id);
    checkState(server, name, states);
    service.begin(server, kind);
    return ACCEPTED;
  };
}

function reboot({ service, server, argument }: ActionCall): ApiResult {
  const type: unknown =
    typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'type') : undefined;
  if (typeof type !== 'string') {
    throw badRequest("Invalid input for field/attribute reboot. 'type' is a required property");
  }
  if (!/^(hard|soft)$/i.test(type)) {
    const words = `Invalid input for field/attribute type. Value: ${type}. '${type}' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']`;
    throw badRequest(words);
  }
  const isHard = type.toUpperCase() === 'HARD';
  checkState(server, 'reboot', isHard ? ['active', 'stopped', 'suspended', 'error'] : ['active']);
  service.begin(server, isHard ? 'HARD_REBOOT' : 'SOFT_REBOOT');
  return ACCEPTED;
}

function setLocked({ cloud, server }: ActionCall, locked: boolean): ApiResult {
  server.locked = locked;
  touchServer(cloud, server);
  return ACCEPTED;
}

function consoleOutput({ server, argument }: ActionCall): ApiResult {
  if (server.host === null) throw novaError(409, `Instance ${server.id} is not ready`);
  const length: unknown =
    typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'length') : undefined;
  const lines = [
    '[    0.000000] Linux version 6.1.0 (simulated)',
    `[    0.000000] Command line: root=/dev/vda1 hostname=${server.hostname}`,
    '[    1.204312] EXT4-fs (vda1): mounted filesystem',
    ...(server.powerState === 1 ? ['', `${server.hostname} login: `] : []),
  ];
  const wanted = length === undefined || length === null ? lines.length : Number(length);
  const output = wanted < 0 ? lines : lines.slice(Math.max(0, lines.length - wanted));
  return { status: 200, body: { output: output.join('\n') } };
}
