import { createHash } from 'node:crypto';
import type { AuditEntry } from './audit-entry.entity.js';

/** What stands before the first entry. */
export const FIRST_HASH = '0'.repeat(64);

/** What an entry says, its place in the chain included. */
export type HashedEntry = Omit<AuditEntry, 'hash'>;

/**
 * The hash that an entry has behind another: SHA-256, in hexadecimal digits, over the JSON text of an array of the hash before and all
 * that the entry says, members of objects in the order of their names (as RFC 8785 does it), instants in RFC 3339.
 */
export function hashOfEntry(previousHash: string, entry: HashedEntry): string {
  const { sequence, id, at, actorId, action, targetType, targetId, courseId, address, detail } = entry;
  const said = [
    previousHash,
    sequence,
    id,
    at.toISOString(),
    actorId,
    action,
    targetType,
    targetId,
    courseId,
    address,
    detail,
  ];
  // As it is stored: what JSON leaves out is not there when it is read again.
  const stored: unknown = JSON.parse(JSON.stringify(said));
  return createHash('sha256')
    .update(JSON.stringify(ordered(stored)))
    .digest('hex');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, ordered(member)]),
  );
}
