import type {
  CallContext,
  Marker,
  OperationProgress,
  OperationRef,
  Outcome,
  VmObservation,
} from '../contract';
import type { Cloud } from './cloud';
import { observed, readServer } from './find-vm';
import { carries } from './map-server';
import { isDeletionDropped, tooLate, verdictOf } from './progress';
import type { Target, Verdict } from './progress';

/** Work on one server. Stored as JSON by whoever polls it, so it only ever gains fields. */
export interface ServerWork {
  readonly server: string;
  readonly marker: Marker;
  readonly target: Target;
  /** CONTINUE: the mutation has more to do. OBSERVE: the VM is the answer. */
  readonly then: 'CONTINUE' | 'OBSERVE';
}

/** The removal of servers, after which the mutation has more to do. */
export interface RemovalWork {
  readonly servers: readonly string[];
}

/** In milliseconds since the epoch, by the gateway's clock. */
interface Accepted {
  readonly acceptedAt: number;
}

type StoredWork = ServerWork & Accepted;
type StoredRemoval = RemovalWork & Accepted;

const SERVER = 'server';
const REMOVAL = 'removal';

/** How long to wait before asking again: a part of the work's age, at least so long and at most the poll interval. */
const LEAST_POLL_MS = 250;
const PART_OF_AGE = 0.2;

export function acceptWork<T>(cloud: Cloud, work: ServerWork): Outcome<T> {
  return accept(cloud, SERVER, work);
}

export function acceptRemoval<T>(cloud: Cloud, work: RemovalWork): Outcome<T> {
  return accept(cloud, REMOVAL, work);
}

function accept<T>(cloud: Cloud, type: string, work: ServerWork | RemovalWork): Outcome<T> {
  const stored: StoredWork | StoredRemoval = { ...work, acceptedAt: Date.now() };
  const operation = { type, ref: JSON.stringify(stored) };
  return { state: 'ACCEPTED', operation, pollAfterMs: pollAfterMs(cloud, 0) };
}

function pollAfterMs({ config }: Cloud, ageMs: number): number {
  return Math.round(Math.min(config.pollIntervalMs, Math.max(LEAST_POLL_MS, ageMs * PART_OF_AGE)));
}

export async function pollOperation(
  cloud: Cloud,
  { type, ref }: OperationRef,
  context: CallContext,
): Promise<OperationProgress<VmObservation | null>> {
  if (type === SERVER) return pollWork(cloud, JSON.parse(ref) as StoredWork, context);
  if (type === REMOVAL) return pollRemoval(cloud, JSON.parse(ref) as StoredRemoval, context);
  return { state: 'LOST' };
}

async function pollWork(
  cloud: Cloud,
  work: StoredWork,
  context: CallContext,
): Promise<OperationProgress<VmObservation | null>> {
  const vm = await readServer(cloud, work.server, context);
  const { acceptedAt } = work;
  const now = Date.now();
  if (vm === null && now - acceptedAt <= cloud.config.listingLagMs)
    return inProgress(cloud, { state: 'RUNNING', percent: null }, now - acceptedAt);
  // The repeated mutation says what that means: a creation makes another one, a start finds nothing.
  if (vm === null || !carries(vm, work.marker)) return { state: 'LOST' };
  const timing = { acceptedAt, now, timeoutMs: cloud.config.operationTimeoutMs };
  const verdict = verdictOf(work.target, vm.server, timing);
  if (verdict.state !== 'REACHED') return inProgress(cloud, verdict, now - acceptedAt);
  if (work.then === 'CONTINUE') return { state: 'CONTINUE' };
  return { state: 'DONE', value: await observed(cloud, vm, context) };
}

function inProgress(
  cloud: Cloud,
  verdict: Exclude<Verdict, { state: 'REACHED' }>,
  ageMs: number,
): OperationProgress<never> {
  if (verdict.state !== 'RUNNING') return verdict;
  return { ...verdict, pollAfterMs: pollAfterMs(cloud, ageMs) };
}

async function pollRemoval(
  cloud: Cloud,
  { servers, acceptedAt }: StoredRemoval,
  context: CallContext,
): Promise<OperationProgress<never>> {
  const left = await Promise.all(servers.map((id) => readServer(cloud, id, context)));
  if (left.every((vm) => vm === null)) return { state: 'CONTINUE' };
  const ageMs = Date.now() - acceptedAt;
  if (left.some((vm) => vm !== null && isDeletionDropped(vm.server, ageMs))) return { state: 'LOST' };
  if (ageMs > cloud.config.operationTimeoutMs) return { state: 'FAILED', error: tooLate() };
  return { state: 'RUNNING', percent: null, pollAfterMs: pollAfterMs(cloud, ageMs) };
}
