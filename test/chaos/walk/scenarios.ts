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
  /** Without its own operation. @returns what `act` works on */
  readonly prepare: (stage: Stage) => Promise<string>;
  readonly act: (stage: Stage, subject: string) => Promise<Asked>;
  /** Like `prepare`, but leaves the object busy, so that what is asked for next is queued. */
  readonly occupy?: (stage: Stage) => Promise<string>;
}

function vmInput(stage: Stage, more: object = {}): object {
  const size = { cpuCount: 1, memoryMib: 512, diskGib: 8 };
  const { backend, templateId } = stage;
  return { name: `walk-${stage.fresh()}`, backend, templateId, powerOn: true, ...size, ...more };
}

function networkInput(stage: Stage): object {
  const number = stage.fresh();
  const cidr = `10.${100 + Math.floor(number / 256)}.${number % 256}.0/24`;
  return { name: `walk-${number}`, backend: stage.backend, cidr, mode: 'ISOLATED' };
}

async function settled(stage: Stage, asked: Promise<Asked>): Promise<string> {
  const { id } = await asked;
  await stage.settle();
  return id;
}

const nothing = () => Promise.resolve('');
const vm = (stage: Stage): Promise<string> => settled(stage, stage.ask('createVm', vmInput(stage)));
const stoppedVm = (stage: Stage): Promise<string> =>
  settled(stage, stage.ask('createVm', vmInput(stage, { powerOn: false })));
const network = (stage: Stage): Promise<string> =>
  settled(stage, stage.ask('createNetwork', networkInput(stage)));

async function suspendedVm(stage: Stage): Promise<string> {
  const id = await vm(stage);
  return settled(
    stage,
    stage.ask('suspendVm', { id }).then((asked) => ({ ...asked, id })),
  );
}

const does =
  (mutation: string, more: object = {}): Scenario['act'] =>
  (stage, id) =>
    stage.ask(mutation, { id, ...more });

const resize = does('resizeVm', { cpuCount: 2, memoryMib: 2_048, allowRestart: true });
const createNetwork: Scenario['act'] = (stage) => stage.ask('createNetwork', networkInput(stage));
const createVm: Scenario['act'] = (stage) => stage.ask('createVm', vmInput(stage));

/** A VM that has to wait for its network. */
export const createVmWithNetwork: Scenario['act'] = async (stage) => {
  const { id } = await createNetwork(stage, '');
  return stage.ask('createVm', vmInput(stage, { networkIds: [id] }));
};

const restart = does('rebootVm', { force: true });
const stop = does('stopVm', { force: true });

const busy =
  (prepare: Scenario['prepare'], act: Scenario['act']) =>
  async (stage: Stage): Promise<string> => {
    const id = await prepare(stage);
    await act(stage, id);
    return id;
  };

/** Every operation that there is. */
export const SCENARIOS: readonly Scenario[] = [
  { operation: 'CREATE_NETWORK', prepare: nothing, act: createNetwork },
  {
    operation: 'DELETE_NETWORK',
    prepare: network,
    act: does('deleteNetwork'),
    occupy: async (stage) => (await createNetwork(stage, '')).id,
  },
  { operation: 'CREATE_VM', prepare: nothing, act: createVm },
  { operation: 'STOP_VM', prepare: vm, act: stop, occupy: busy(vm, restart) },
  { operation: 'START_VM', prepare: stoppedVm, act: does('startVm'), occupy: busy(vm, stop) },
  { operation: 'REBOOT_VM', prepare: vm, act: restart, occupy: busy(stoppedVm, does('startVm')) },
  { operation: 'SUSPEND_VM', prepare: vm, act: does('suspendVm'), occupy: busy(vm, restart) },
  {
    operation: 'RESUME_VM',
    prepare: suspendedVm,
    act: does('resumeVm'),
    occupy: busy(vm, does('suspendVm')),
  },
  { operation: 'RESIZE_VM', prepare: vm, act: resize, occupy: busy(vm, restart) },
  { operation: 'DELETE_VM', prepare: vm, act: does('deleteVm'), occupy: busy(vm, restart) },
];
