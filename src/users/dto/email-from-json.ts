import type { TransformFnParams } from 'class-transformer';
import { normaliseEmail } from '../email-address.js';

/** Far more than an address has. Composing letters takes time by the square of their number: hours for a body's worth. */
const MOST_CHARACTERS = 1_000;

/** Brings an e-mail address into its kept form before it is checked; anything else is left for the checks to refuse. */
export function emailFromJson({ value }: TransformFnParams): unknown {
  const sent: unknown = value;
  return typeof sent === 'string' && sent.length <= MOST_CHARACTERS ? normaliseEmail(sent) : sent;
}
