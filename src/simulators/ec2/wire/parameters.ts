import { ApiError, invalidValue, missingParameter } from './api-error';

/**
 * The parameters of a request, or those of one structure in it. `Filter.2.Value.1` is the first of the list `Value` in
 * the second structure of the list `Filter`; the numbers need not be dense. What is not asked for is ignored, as EC2 does.
 */
export class Parameters {
  private constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly prefix: string,
  ) {}

  /** @param form `application/x-www-form-urlencoded` */
  static read(form: string): Parameters {
    const values = new Map<string, string>();
    for (const [name, value] of new URLSearchParams(form)) {
      if (values.has(name)) {
        throw new ApiError('MalformedQueryString', `The parameter ${name} was given more than once`);
      }
      values.set(name, value);
    }
    return new Parameters(values, '');
  }

  /** The name as the client wrote it, for messages. */
  fullName(name: string): string {
    return this.prefix + name;
  }

  /** Null when it is not there. */
  text(name: string): string | null {
    return this.values.get(this.prefix + name) ?? null;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === null || value === '') throw missingParameter(this.fullName(name));
    return value;
  }

  integer(name: string, least: number, most: number): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const value = Number(text);
    if (!/^-?\d{1,15}$/.test(text)) throw invalidValue(this.fullName(name), text, 'Expected an integer');
    if (value < least || value > most) {
      throw invalidValue(this.fullName(name), text, `Expected a value from ${least} to ${most}`);
    }
    return value;
  }

  flag(name: string): boolean | null {
    const text = this.text(name);
    if (text === null) return null;
    const lower = text.toLowerCase();
    if (lower !== 'true' && lower !== 'false') throw invalidValue(this.fullName(name), text);
    return lower === 'true';
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | null {
    const text = this.text(name);
    if (text === null) return null;
    const choice = choices.find((one) => one === text);
    if (choice === undefined) {
      throw invalidValue(this.fullName(name), text, `Expected one of ${choices.join(', ')}`);
    }
    return choice;
  }

  list(name: string): readonly string[] {
    return this.indices(name).map((index) => this.values.get(`${this.prefix}${name}.${index}`) ?? '');
  }

  structs(name: string): readonly Parameters[] {
    return this.indices(name).map((index) => new Parameters(this.values, `${this.prefix}${name}.${index}.`));
  }

  /** The structure of that name; empty when nothing of it is there. */
  struct(name: string): Parameters {
    return new Parameters(this.values, `${this.prefix}${name}.`);
  }

  /** Whether the name, or anything in it, is there. */
  has(name: string): boolean {
    const full = this.prefix + name;
    return [...this.values.keys()].some((key) => key === full || key.startsWith(`${full}.`));
  }

  /** The same text for the same parameters in any order. */
  fingerprint(): string {
    return JSON.stringify([...this.values].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  private indices(name: string): readonly number[] {
    const start = `${this.prefix}${name}.`;
    const found = new Set<number>();
    for (const key of this.values.keys()) {
      if (!key.startsWith(start)) continue;
      const [index = ''] = key.slice(start.length).split('.', 1);
      if (/^\d{1,6}$/.test(index)) found.add(Number(index));
    }
    return [...found].sort((one, other) => one - other);
  }
}
