import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

function parseDateTime(value: unknown): Date {
  const match = typeof value === 'string' ? RFC_3339.exec(value) : null;
  // The day is checked by hand because Date rolls 30 February over to 1 March.
  if (match && Number(match[3]) <= daysInMonth(Number(match[1]), Number(match[2]))) {
    const date = new Date(match[0].toUpperCase());
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw new GraphQLError(
    'DateTime cannot represent a value that is no RFC 3339 date and time with an offset.',
  );
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** In: an RFC 3339 string with an offset. Out: ISO 8601 in UTC with milliseconds. In code: a `Date`. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'A point in time as an RFC 3339 string with an offset, for example `2026-01-31T09:30:00.000Z`. ' +
    'Answers are in UTC with milliseconds.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value) {
    if (!(value instanceof Date)) throw new TypeError('A DateTime field has to resolve to a Date.');
    return value.toISOString();
  },
  parseValue: parseDateTime,
  parseLiteral(node) {
    return parseDateTime(node.kind === Kind.STRING ? node.value : null);
  },
});

/** A moment in milliseconds since the epoch as the scalar wants it. */
export function toDate(moment: number): Date;
export function toDate(moment: number | null): Date | null;
export function toDate(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
