import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** Without letters and digits that people take for one another. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** A code of ten characters (49 bits), in two groups for reading aloud. */
export function makeEnrolmentCode(): string {
  const characters = Array.from({ length: 10 }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return `${characters.slice(0, 5)}-${characters.slice(5)}`;
}

/** Whether a code is the right one, in a time that does not tell how much of it was. Blanks around it do not matter. */
export function isEnrolmentCode(sent: string, right: string): boolean {
  return timingSafeEqual(digestOf(sent), digestOf(right));
}

function digestOf(code: string): Buffer {
  return createHash('sha256').update(code.trim()).digest();
}
