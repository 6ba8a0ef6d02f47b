const SYMBOLS: ReadonlyMap<number, string> = new Map([
  [0x00, '␀'],
  [0x09, '→'],
  [0x0a, '↵'],
  [0x0d, '\\r'],
  [0x20, '·'],
]);

/**
 * `bytes` as text in which nothing is invisible: a space is `·`, a tab `→`, a line feed `↵`, a carriage return `\r`, NUL
 * `␀`; other control characters and bytes that are not UTF-8 are `\xNN`, odd Unicode spaces and format characters
 * `\u{…}`. For messages: meant for short pieces.
 */
export function visibleText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    const character = length === 0 ? null : decodeCharacter(bytes.subarray(at, at + length));
    text += character ?? SYMBOLS.get(bytes[at] ?? 0) ?? hex(bytes[at] ?? 0);
    at += character === null ? 1 : length;
  }
  return text;
}

/** Bytes of the character that begins at `at`, by its first byte; 0 for what is shown as a symbol or by its number. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first <= 0x20 || first === 0x7f) return 0;
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/u;

function decodeCharacter(bytes: Uint8Array): string | null {
  try {
    const character = STRICT.decode(bytes);
    return INVISIBLE.test(character) ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}` : character;
  } catch {
    // Not UTF-8: the caller shows the byte.
    return null;
  }
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
