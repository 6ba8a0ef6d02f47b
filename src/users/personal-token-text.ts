import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { PERSONAL_TOKEN_PREFIX } from '../auth/personal-tokens.js';

const SECRET_BYTES = 32;
const SHAPE = new RegExp(`^${PERSONAL_TOKEN_PREFIX}([0-9a-f]{${SECRET_BYTES * 2}})([0-9a-f]{8})$`);

/**
 * A new personal access token: its prefix, 256 random bits and their CRC-32, both in hexadecimal. By the sum, a scanner for
 * secrets tells a real one from what only looks like it, without asking anybody.
 */
export function newPersonalToken(): string {
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  return `${PERSONAL_TOKEN_PREFIX}${secret}${sumOf(secret)}`;
}

/** Whether the text can be a token that {@link newPersonalToken} made. */
export function isPersonalToken(text: string): boolean {
  const [, secret, sum] = SHAPE.exec(text) ?? [];
  return secret !== undefined && sumOf(secret) === sum;
}

function sumOf(secret: string): string {
  return crc32(secret).toString(16).padStart(8, '0');
}
