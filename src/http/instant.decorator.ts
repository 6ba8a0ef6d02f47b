import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;
/** What every engine can store. */
const FIRST_YEAR = 1970;

/**
 * The instant that an RFC 3339 text names, to the millisecond, or null for anything else: a date without a time, a time
 * without a zone, a day that its month does not have.
 */
export function parseInstant(text: string): Date | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [, day = '', time = ''] = match;
  const written = `${day}T${time}`;
  const local = new Date(`${written}Z`);
  // `Date` would take 30 February for 2 March.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(written)) return null;
  const instant = new Date(text.toUpperCase());
  if (Number.isNaN(instant.getTime())) return null;
  const year = instant.getUTCFullYear();
  return year >= FIRST_YEAR && year <= 9999 ? instant : null;
}

/** The property is an instant, sent as RFC 3339 text with a zone and held as a `Date`. */
export const IsInstant = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (parseInstant(value) ?? value) : value)),
    ValidateBy({
      name: 'isInstant',
      validator: {
        validate: (value: unknown) => value instanceof Date,
        defaultMessage: () => '$property must be a date and time with a zone (RFC 3339), such as 2026-09-01T08:00:00Z',
      },
    }),
  );
