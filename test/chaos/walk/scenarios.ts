import type { Asked } from '../acknowledgements';
import type { PatientClient } from '../patient-client';

/** What an operation acts on and with. */
export interface Stage {
  readonly client: PatientClient;
  readonly templateId: string;
  readonly backend: string;
  /** A name that nothing has yet. */
  fresh(): number;
  /** Asks under a key of its own, until it is answered; the ids of the object and of the task. */
  ask(mutation: string, input: object): Promise<Asked>;
  /** Resolves when nothing is open. */
  settle(): Promise<void>;
}

/** One operation, and the state that it needs. */
export interface Scenario {
  readonly operation: string;
  /** With nothing armed. @returns what `act` works on */
  readonly prepare: (stage: Stage) => Promise<string>;
  readonly act: (stage: Stage, subject: string) => Promise<void>;
}

function vmInput(stage: Stage, powerOn: boolean): object {
  const size = { cpuCount: 1, memoryMib: 512, diskGib: 8 };
  return {
    name: `walk-${stage.fresh()}`,
    backend: stage.backend,
    templateId: stage.templateId,
    powerOn,
    ...size,
  };
}

async function vm(stage: Stage, powerOn = true): Promise<string> {
  const { id } = await stage.ask('createVm', vmInput(stage, powerOn));
  await stage.settle();
  return id;
}

async function network(stage: Stage): Promise<string> {
  const { id } = await stage.ask('createNetwork', networkInput(stage));
  await stage.settle();
  return id;
}

function networkInput(stage: Stage): object {
  const number = stage.fresh();
  const cidr = `10.${100 + Math.floor(number / 256)}.${number % 256}.0/24`;
  return { name: `walk-${number}`, backend: stage.backend, cidr, mode: 'ISOLATED' };
}

const nothing = () => Promise.resolve('');
const does =
  (mutation: string, more: object = {}): Scenario['act'] =>
  async (stage, id) =>
    void (await stage.ask(mutation, { id, ...more }));

/** Cancelled as soon as it is accepted: what has begun is taken back. */
async function createAndCancel(stage: Stage): Promise<void> {
  const { taskId, acknowledgement } = await stage.ask('createVm', vmInput(stage, true));
  acknowledgement.cancelled = true;
  const query = 'mutation ($id: ID!) { cancelTask(input: { id: $id }) { task { id } } }';
  // It may be too late for that, which is as well.
  await stage.client.request(query, { id: taskId }).catch(() => undefined);
}

/** Every operation that a backend of any kind has. */
export const SCENARIOS: readonly Scenario[] = [
  {
    operation: 'CREATE_NETWORK',
    prepare: nothing,
    act: async (stage) => void (await stage.ask('createNetwork', networkInput(stage))),
  },
  { operation: 'DELETE_NETWORK', prepare: network, act: does('deleteNetwork') },
  {
    operation: 'CREATE_VM',
    prepare: nothing,
    act: async (stage) => void (await stage.ask('createVm', vmInput(stage, true))),
  },
  { operation: 'CREATE_VM', prepare: nothing, act: createAndCancel },
  { operation: 'STOP_VM', prepare: vm, act: does('stopVm', { force: true }) },
  { operation: 'START_VM', prepare: (stage) => vm(stage, false), act: does('startVm') },
  { operation: 'REBOOT_VM', prepare: vm, act: does('rebootVm', { force: true }) },
  {
    operation: 'RESIZE_VM',
    prepare: vm,
    act: does('resizeVm', { cpuCount: 2, memoryMib: 2_048, allowRestart: true }),
  },
  { operation: 'DELETE_VM', prepare: vm, act: does('deleteVm') },
];
