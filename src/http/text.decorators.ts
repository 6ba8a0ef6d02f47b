import { isEmail, ValidateBy } from 'class-validator';

/** Besides control characters: those that turn the direction of what people read, so that a name looks like another. */
const SINGLE_LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u;
const NOT_IN_EMAIL = /[\p{C}\p{Z}]/u;
const UNSTORABLE = /\0|\p{Cs}/u;

/** One line that holds something: no line break or other control character, and not only blanks. */
export const IsSingleLine = (): PropertyDecorator =>
  ValidateBy({
    name: 'isSingleLine',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && SINGLE_LINE.test(value) && value.trim() !== '',
      defaultMessage: () => '$property must be one line of text, without control characters, and not blank',
    },
  });

/** Text of any kind, but without NUL, which PostgreSQL cannot store, and without halves of characters. */
export const IsStorableText = (): PropertyDecorator =>
  ValidateBy({
    name: 'isStorableText',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && !UNSTORABLE.test(value),
      defaultMessage: () => '$property must be valid Unicode text without NUL characters',
    },
  });

/**
 * An e-mail address, without any blank or invisible character: RFC 5322 would let a quoted one hold line breaks, which end up
 * in the headers of mails. (class-validator's own check throws at halves of characters.)
 */
export const IsEmail = (): PropertyDecorator =>
  ValidateBy({
    name: 'isEmail',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && !NOT_IN_EMAIL.test(value) && isEmail(value),
      defaultMessage: () => '$property must be an email',
    },
  });

/**
 * At least `min` and at most `max` characters, counted as databases count those of a column: by code points. (class-validator
 * counts a character with its variation selector as one, so that twice as many as a column takes would pass.)
 */
export const Length = (min: number, max: number): PropertyDecorator =>
  ValidateBy({
    name: 'isLength',
    constraints: [min, max],
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isWithin(value, min, max),
      defaultMessage: (args) =>
        typeof args?.value === 'string' && args.value.length > max
          ? '$property must be shorter than or equal to $constraint2 characters'
          : '$property must be longer than or equal to $constraint1 characters',
    },
  });

/** At most `max` characters, counted as `Length` does. */
export const MaxLength = (max: number, options: { readonly each?: boolean } = {}): PropertyDecorator =>
  ValidateBy(
    {
      name: 'maxLength',
      constraints: [max],
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isWithin(value, 0, max),
        defaultMessage: () => '$property must be shorter than or equal to $constraint1 characters',
      },
    },
    options,
  );

function isWithin(text: string, min: number, max: number): boolean {
  // A code point takes one or two units: most texts need no counting, and one of many megabytes gets none.
  if (text.length > 2 * max) return false;
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters >= min && characters <= max;
}
