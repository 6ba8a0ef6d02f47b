import type { TransformFnParams } from 'class-transformer';
import { normaliseEmail } from '../email-address.js';

/** Brings an e-mail address into its kept form before it is checked; anything else is left for the checks to refuse. */
export function emailFromJson({ value }: TransformFnParams): unknown {
  const sent: unknown = value;
  return typeof sent === 'string' ? normaliseEmail(sent) : sent;
}
