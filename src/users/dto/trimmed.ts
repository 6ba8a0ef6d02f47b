import type { TransformFnParams } from 'class-transformer';

/** Takes white space off both ends before a text is checked; anything else is left for the checks to refuse. */
export function trimmed({ value }: TransformFnParams): unknown {
  const sent: unknown = value;
  return typeof sent === 'string' ? sent.trim() : sent;
}

/** Text on one line: no control characters and no line or paragraph separators. */
export const SINGLE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;
