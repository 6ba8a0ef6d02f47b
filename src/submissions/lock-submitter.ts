import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { Enrolment } from '../courses/enrolment.entity.js';
import { hasRowLocks, rowLock } from '../database/row-lock.js';
import { User } from '../users/user.entity.js';

/**
 * Makes the submissions of one person to one course take turns, so that attempts are counted right. Whoever is in no course
 * (an administrator) waits at their own account instead.
 */
export async function lockSubmitter(
  manager: EntityManager,
  { userId }: Pick<Principal, 'userId'>,
  courseId: string,
): Promise<void> {
  if (!hasRowLocks(manager)) return;
  const enrolment = await manager.findOne(Enrolment, {
    select: { id: true },
    where: { courseId, userId },
    ...rowLock(manager),
  });
  if (enrolment !== null) return;
  await manager.findOne(User, { select: { id: true }, where: { id: userId }, ...rowLock(manager) });
}
