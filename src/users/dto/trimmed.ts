import type { TransformFnParams } from 'class-transformer';

/** Takes white space off both ends before a text is checked; anything else is left for the checks to refuse. */
export function trimmed({ value }: TransformFnParams): unknown {
  const sent: unknown = value;
  return typeof sent === 'string' ? sent.trim() : sent;
}
