const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/**
 * The number that a token is, or null when it is none: an optional sign, decimal digits with at most one point, and an
 * optional exponent, as in `-3`, `.5`, `5.`, `6.02E+23`. Infinities, NaN, hexadecimal numbers, digit separators and
 * numbers too large for a double are none. One too small for a double is 0.
 */
export function parseFloatToken(token: Uint8Array): number | null {
  if (!mayBeginNumber(token[0])) return null;
  // Not fatal: what is not ASCII becomes something that the pattern does not take.
  const text = new TextDecoder().decode(token);
  if (!DECIMAL.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

function mayBeginNumber(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e);
}
