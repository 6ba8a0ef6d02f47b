import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Environment } from '../config/env.js';
import { firstIdSince, timeOfId } from '../database/new-id.js';
import { select } from '../database/portable-sql.js';
import { DomainError } from '../errors/domain-error.js';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;
/** Room comes back when somebody makes some, or raises the limit: nobody knows when that is. */
const TRY_AGAIN_S = 3_600;

interface HandedIn {
  readonly studentId: string;
  /** How many within the last hour, to whatever course. */
  readonly recent: number;
  /** How much all of theirs holds. */
  readonly storedBytes: number;
  /** How much is about to come. */
  readonly newBytes: number;
}

/** How much one student may hand in. Staff may hand in without limit. */
@Injectable()
export class SubmissionQuotas {
  constructor(private readonly environment: Environment) {}

  /** What `attemptsOf` needs to count what is recent. */
  recentFrom(): string {
    return firstIdSince(new Date(Date.now() - HOUR_MS));
  }

  /** @throws DomainError `limit_exceeded`: `too_many_submissions`, `storage_quota_exceeded` */
  async requireRoom(manager: EntityManager, { studentId, recent, storedBytes, newBytes }: HandedIn): Promise<void> {
    const { limitSubmissionsPerHour, limitStoredMiBPerStudent, rateCeilings } = this.environment;
    if (rateCeilings !== null && recent >= limitSubmissionsPerHour) {
      throw new DomainError(
        'limit_exceeded',
        'too_many_submissions',
        `You have handed in ${recent} times within an hour, and ${limitSubmissionsPerHour} is the most: wait a while.`,
        { retryAfterSeconds: await this.secondsUntilRoom(manager, studentId, limitSubmissionsPerHour) },
      );
    }
    if (storedBytes + newBytes > limitStoredMiBPerStudent * MIB) {
      throw new DomainError(
        'limit_exceeded',
        'storage_quota_exceeded',
        `All that you have handed in would hold more than ${limitStoredMiBPerStudent} MiB: ask the staff of your course.`,
        { retryAfterSeconds: TRY_AGAIN_S },
      );
    }
  }

  /** Until the first of as many as are allowed is an hour old. */
  private async secondsUntilRoom(manager: EntityManager, studentId: string, most: number): Promise<number> {
    const [row] = await select(
      manager,
      `SELECT "submission"."id" AS "id" FROM "submissions" "submission"
      WHERE "submission"."studentId" = ? ORDER BY "submission"."id" DESC LIMIT 1 OFFSET ?`,
      [studentId, most - 1],
    );
    if (typeof row?.['id'] !== 'string') return TRY_AGAIN_S;
    const leftMs = timeOfId(row['id']).getTime() + HOUR_MS - Date.now();
    return Math.max(1, Math.ceil(leftMs / 1_000));
  }
}
