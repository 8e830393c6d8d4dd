import { invalidArgument } from './app-error';

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const SLUG = /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/;
/** Control, format (bidirectional overrides among them), unassigned, private and surrogate characters, and line ends. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;
const TITLE_LENGTH = 100;

/**
 * A name of an object inside a tenant: 1 to 63 ASCII letters, digits, dots, hyphens and underscores, beginning and
 * ending with a letter or digit, so that it survives every backend and every shell.
 * @throws INVALID_ARGUMENT
 */
export function requireName(field: string, value: string): string {
  if (!isName(value)) {
    throw invalidArgument(
      field,
      'must be 1 to 63 letters, digits, dots, hyphens or underscores, beginning and ending with a letter or digit.',
    );
  }
  return value;
}

/** Whether `requireName` would accept it. */
export function isName(value: string): boolean {
  return NAME.test(value);
}

/** A short name for use in addresses: 1 to 32 of a to z, 0 to 9 and hyphen. @throws INVALID_ARGUMENT */
export function requireSlug(field: string, value: string): string {
  if (!SLUG.test(value)) {
    throw invalidArgument(
      field,
      'must be 1 to 32 of a to z, 0 to 9 and hyphen, beginning with a letter and not ending with a hyphen.',
    );
  }
  return value;
}

/** Text for people: 1 to 100 printable characters of any script, without line ends. @throws INVALID_ARGUMENT */
export function requireTitle(field: string, value: string): string {
  const title = value.trim();
  if (title === '' || [...title].length > TITLE_LENGTH || UNPRINTABLE.test(title)) {
    throw invalidArgument(field, `must be 1 to ${String(TITLE_LENGTH)} printable characters.`);
  }
  return title;
}
