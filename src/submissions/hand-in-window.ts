import type { Assignment } from '../assignments/assignment.entity.js';
import type { CourseStatus } from '../courses/course.entity.js';
import { DomainError } from '../errors/domain-error.js';

/** What decides whether a student may hand in at a moment. */
export interface HandInWindow {
  readonly assignment: Pick<Assignment, 'status' | 'opensAt' | 'closesAt' | 'maxAttempts'>;
  readonly courseStatus: CourseStatus;
  /** By the database's clock. */
  readonly now: Date;
  /** Attempts that count: not those that failed, nor those cancelled before their grading began. */
  readonly attemptsUsed: number;
}

/**
 * Refuses a student's submission before `opensAt`, after `closesAt` (in its very millisecond is still in time), beyond
 * `maxAttempts`, or when assignment or course are archived. Not for staff, who submit without limit.
 *
 * @throws DomainError `conflict`: `not_open`, `closed`, `attempts_exhausted`
 */
export function requireMayHandIn({ assignment, courseStatus, now, attemptsUsed }: HandInWindow): void {
  const { opensAt, closesAt, maxAttempts } = assignment;
  if (opensAt !== null && now < opensAt) {
    throw new DomainError('conflict', 'not_open', `This assignment opens at ${opensAt.toISOString()}.`);
  }
  if (closesAt !== null && now > closesAt) {
    throw new DomainError('conflict', 'closed', `This assignment closed at ${closesAt.toISOString()}.`);
  }
  if (assignment.status === 'archived' || courseStatus === 'archived') {
    throw new DomainError('conflict', 'closed', 'This assignment is archived: nothing can be handed in any more.');
  }
  if (maxAttempts !== null && attemptsUsed >= maxAttempts) {
    const attempts = maxAttempts === 1 ? 'The one attempt' : `All ${maxAttempts} attempts`;
    throw new DomainError('conflict', 'attempts_exhausted', `${attempts} at this assignment have been used.`);
  }
}
