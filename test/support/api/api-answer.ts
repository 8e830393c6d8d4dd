// A test knows what it asked for.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Data = any;
export type Variables = Readonly<Record<string, unknown>>;

export interface ApiError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly requestId: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  readonly data: Data;
  readonly errors: readonly ApiError[];
}
