import { RefusedRequest } from './gateway-client';
import type { GatewayClient } from './gateway-client';

export interface SeenStep {
  readonly name: string;
  readonly status: string;
}

export interface SeenTask {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly message: string | null;
  readonly attempts: number;
  readonly steps: readonly SeenStep[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface SeenEvent {
  readonly cursor: string;
  readonly kind: string;
  readonly task: SeenTask;
}

const TASK_EVENTS = `subscription ($taskId: ID!, $after: String) {
  taskEvents(taskId: $taskId, after: $after) {
    cursor kind
    task { id status progress message attempts steps { name status } error { code message } }
  }
}`;

const FINAL: readonly string[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];
const ASK_AGAIN_MS = 50;

export interface FollowOptions {
  /** Told of each event as it comes. */
  readonly onEvent?: (event: SeenEvent) => void;
  readonly timeoutMs?: number;
}

/**
 * All events of a task up to its end, over as many WebSockets as it takes: one that breaks is followed by another that
 * asks for what came after the last event seen.
 */
export async function followTask(
  client: GatewayClient,
  taskId: string,
  { onEvent = () => undefined, timeoutMs = 90_000 }: FollowOptions = {},
): Promise<SeenEvent[]> {
  const seen: SeenEvent[] = [];
  const deadline = Date.now() + timeoutMs;
  while (!FINAL.includes(seen.at(-1)?.kind ?? '')) {
    const end = AbortSignal.timeout(Math.max(1, deadline - Date.now()));
    const failed = await collect(client, taskId, seen, onEvent, end);
    if (failed instanceof RefusedRequest && failed.code !== 'UNAVAILABLE') throw failed;
    if (Date.now() > deadline) throw new Error(`The task has not ended: ${JSON.stringify(seen.at(-1))}`);
    if (failed !== null) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  return seen;
}

/** Adds what comes, until the stream ends (null) or breaks (why). */
async function collect(
  client: GatewayClient,
  taskId: string,
  seen: SeenEvent[],
  onEvent: (event: SeenEvent) => void,
  end: AbortSignal,
): Promise<unknown> {
  const source = client.subscribe(TASK_EVENTS, { taskId, after: seen.at(-1)?.cursor ?? null });
  const aborted = new Promise<'aborted'>((resolve) => {
    end.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  try {
    for (;;) {
      const next = await Promise.race([source.next(), aborted]);
      if (next === 'aborted' || next === null) return next;
      const event = next.taskEvents as SeenEvent;
      seen.push(event);
      onEvent(event);
    }
  } catch (error) {
    return error;
  } finally {
    await source.close();
  }
}
