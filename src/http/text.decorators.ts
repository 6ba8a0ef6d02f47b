import { ValidateBy } from 'class-validator';

const SINGLE_LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;
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
