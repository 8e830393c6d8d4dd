import { setTimeout as sleep } from 'node:timers/promises';

// Whoever asks knows the shape of what was asked for.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Data = any;

interface Answer {
  readonly data?: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** What a careful client repeats: whether it was done is not known, or it may work later. */
const PASSES = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL']);
/** Whoever is frozen keeps its clients waiting; they ask another one then. */
const TIMEOUT_MS = 2_000;
const PAUSE_MS = 100;

/** A refusal that another try does not change. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** Asks whichever gateway answers, as often as it takes; every mutation carries its key. */
export class PatientClient {
  private turn = 0;

  constructor(
    private readonly urls: () => readonly string[],
    private readonly token: string,
  ) {}

  as(token: string): PatientClient {
    return new PatientClient(this.urls, token);
  }

  /** @throws Refusal */
  async request(query: string, variables: object = {}): Promise<Data> {
    for (;;) {
      const answer = await this.once(query, variables);
      const problem = answer?.errors?.[0];
      if (answer && !problem) return answer.data;
      const code = problem?.extensions?.code ?? '';
      if (problem && !PASSES.has(code)) throw new Refusal(code, problem.message);
      await sleep(PAUSE_MS);
    }
  }

  /** Null where nobody answered. */
  private async once(query: string, variables: object): Promise<Answer | null> {
    const urls = this.urls();
    const url = urls[(this.turn += 1) % urls.length];
    if (url === undefined) return null;
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return (await response.json()) as Answer;
    } catch {
      return null;
    }
  }
}
