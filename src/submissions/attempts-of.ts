import type { EntityManager } from 'typeorm';
import { clockOf, readClock } from '../database/database-clock.js';
import { select } from '../database/portable-sql.js';
import { pendingOf } from '../queue/outbox.js';

/** Cancelled while it waited: nothing was learnt. Once its tests run they can be watched, so then it was an attempt. */
const USED = `(SELECT COUNT(*) FROM "submissions" "submission"
  WHERE "submission"."assignmentId" = ? AND "submission"."studentId" = ?
    AND "submission"."counts" = TRUE AND "submission"."status" <> 'failed'
    AND NOT ("submission"."status" = 'cancelled' AND "submission"."startedAt" IS NULL))`;

/** By their ids, which begin with the time: one index gives it all. */
const RECENT = `(SELECT COUNT(*) FROM "submissions" "submission"
  WHERE "submission"."studentId" = ? AND "submission"."id" > ?)`;
const STORED = `(SELECT SUM("submission"."byteCount") FROM "submissions" "submission"
  WHERE "submission"."studentId" = ?)`;

interface Whose {
  readonly assignmentId: string;
  readonly courseId: string;
  readonly studentId: string;
  /** Whether `used` is asked for: all of their submissions must be looked at for it. */
  readonly isCounted: boolean;
  /** Where `recent` and `storedBytes` are asked for: the id that those sort behind that are recent. */
  readonly recentFrom?: string;
}

/** What somebody has handed in before, at the moment of asking. */
interface Attempts {
  /** By the database's clock. */
  readonly now: Date;
  /** The number of the latest attempt; 0: none. */
  readonly latest: number;
  /** How many were used up; 0 where that was not asked for. */
  readonly used: number;
  /** How many submissions to the course wait or are being graded. */
  readonly pending: number;
  /** How many were handed in lately, to whatever course; 0 where that was not asked for. */
  readonly recent: number;
  /** How much all that they ever handed in holds; 0 where that was not asked for. */
  readonly storedBytes: number;
}

/** What somebody has handed in to an assignment, in one statement. Right only behind a lock on whoever hands in. */
export async function attemptsOf(
  manager: EntityManager,
  { assignmentId, courseId, studentId, isCounted, recentFrom }: Whose,
): Promise<Attempts> {
  const whose = [assignmentId, studentId];
  const pending = pendingOf(studentId, courseId);
  const isLimited = recentFrom !== undefined;
  const [row] = await select(
    manager,
    `SELECT ${clockOf(manager)} AS "now", ${pending.sql} AS "pending", ${isCounted ? USED : '0'} AS "used",
      ${isLimited ? RECENT : '0'} AS "recent", ${isLimited ? STORED : '0'} AS "stored",
      (SELECT MAX("submission"."attempt") FROM "submissions" "submission"
        WHERE "submission"."assignmentId" = ? AND "submission"."studentId" = ?) AS "latest"`,
    [
      ...pending.parameters,
      ...(isCounted ? whose : []),
      ...(isLimited ? [studentId, recentFrom, studentId] : []),
      ...whose,
    ],
  );
  // Counts come as text from some drivers, and the latest as null where there is none.
  return {
    now: readClock(row?.['now']),
    latest: Number(row?.['latest'] ?? 0),
    used: Number(row?.['used'] ?? 0),
    pending: Number(row?.['pending'] ?? 0),
    recent: Number(row?.['recent'] ?? 0),
    storedBytes: Number(row?.['stored'] ?? 0),
  };
}
