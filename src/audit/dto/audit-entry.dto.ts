import type { AuditEntry } from '../audit-entry.entity.js';

/** Who did what to what, when and from where. */
export class AuditEntryDto {
  id: string;

  /** When, by the database's clock. */
  at: Date;

  /** Who did it. */
  actorId: string;

  /**
   * What was done.
   * @example score.overridden
   */
  action: string;

  /**
   * The kind of thing that it was done to.
   * @example submission
   */
  targetType: string;

  /** What it was done to. It may be gone by now. */
  targetId: string;

  /** The course that it happened in; null for what belongs to none. */
  courseId: string | null;

  /**
   * The address that it was done from; null for what a process did by itself.
   * @example 203.0.113.7
   */
  address: string | null;

  /** What else there is to say, by action: ids, names of fields, small values. */
  detail: Readonly<Record<string, unknown>> | null;

  /**
   * Its number in the chain, from 1 on without gaps; null for an entry from before there was one.
   * @example 1
   */
  sequence: number | null;

  /** SHA-256 over the hash of the entry before and all that this one says; null where `sequence` is. */
  hash: string | null;

  static from(entry: AuditEntry): AuditEntryDto {
    const { id, at, actorId, action, targetType, targetId, courseId, address, detail, sequence, hash } = entry;
    return { id, at, actorId, action, targetType, targetId, courseId, address, detail, sequence, hash };
  }
}
