const NUL = /\0/g;

/**
 * `bytes` as text for people and for a text column: at most `limitBytes` of them, cut between characters and then marked
 * `… [N bytes cut]`. Bytes that are not UTF-8 become U+FFFD, and NUL, which PostgreSQL's `text` cannot hold, becomes `␀`.
 * The result can be larger than `limitBytes`: each bad byte takes three.
 */
export function textPreview(bytes: Uint8Array, limitBytes = 8192): string {
  if (bytes.length <= limitBytes) return decode(bytes);
  const end = characterBoundary(bytes, limitBytes);
  return `${decode(bytes.subarray(0, end))}… [${bytes.length - end} bytes cut]`;
}

function decode(bytes: Uint8Array): string {
  // A byte order mark is part of what was written.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replace(NUL, '␀');
}

/** The last position up to `limit` that does not split a UTF-8 character, which has at most three bytes after its first. */
function characterBoundary(bytes: Uint8Array, limit: number): number {
  for (let end = limit; end > limit - 4 && end >= 0; end -= 1) {
    if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end;
  }
  return limit;
}
