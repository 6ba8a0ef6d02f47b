/** The white space of the ICPC problem package format: space, tab, line feed, vertical tab, form feed, carriage return. */
export function isWhiteSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** `byte` with `A`–`Z` as `a`–`z`. */
export function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** Where `bytes`, up to `end`, end once the white space after `start` at their end is left out. */
export function endWithoutWhiteSpace(bytes: Uint8Array, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && isWhiteSpace(bytes[trimmed - 1])) trimmed -= 1;
  return trimmed;
}

/** `bytes` with each CRLF as LF; a carriage return that stands alone stays. The same array when it holds none. */
export function withoutCrLf(bytes: Uint8Array): Uint8Array {
  const first = bytes.indexOf(0x0d);
  if (first === -1) return bytes;
  const result = bytes.slice();
  let length = first;
  for (let i = first; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x0d && bytes[i + 1] === 0x0a) continue;
    result[length] = byte;
    length += 1;
  }
  return result.subarray(0, length);
}

/** Where `bytes` end once the line feeds and carriage returns at their end are left out. */
export function endWithoutLineBreaks(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1;
  return end;
}
