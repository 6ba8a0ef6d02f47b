import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES = 16;

/** Random bytes for many ids: asking for a few at a time costs as much as asking for all of them. */
const pool = new Uint8Array(256 * BYTES);
let used = pool.length;

let milliseconds = Number.NEGATIVE_INFINITY;
let sequence = 0;

/** A new UUIDv7 (RFC 9562): unique, and later ones sort after earlier ones of the same process. */
export function newId(): string {
  const random = nextRandom();
  const now = Date.now();
  if (now > milliseconds) {
    milliseconds = now;
    // Begins at random, in the lower half of its 32 bits.
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1;
  } else {
    // In the same millisecond, and while the clock goes backwards, the ids count on (RFC 9562, section 6.2).
    sequence = (sequence + 1) >>> 0;
    if (sequence === 0) milliseconds += 1;
  }
  return v7({ random, msecs: milliseconds, seq: sequence });
}

/** Sorts before every id that was made from this time on, and after those that were made earlier (in whole milliseconds). */
export function firstIdSince(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When an id was made, by the clock of the process that made it. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

function nextRandom(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES;
  return pool.subarray(used - BYTES, used);
}
