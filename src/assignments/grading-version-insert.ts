import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import type { CheckedGrading } from './grading-check.js';
import { GradingVersion } from './grading-version.entity.js';

/** Adds a version of an assignment's grading document. */
export async function insertGradingVersion(
  manager: EntityManager,
  user: Principal,
  assignmentId: string,
  number: number,
  { source, document, maxPoints }: CheckedGrading,
): Promise<void> {
  const version: GradingVersion = {
    id: newId(),
    assignmentId,
    number,
    source,
    document,
    maxPoints,
    createdById: user.userId,
    createdAt: await databaseNow(manager),
  };
  // JSON holds JSON without end, which TypeORM's type of what may be inserted would follow.
  await manager.insert<ObjectLiteral>(GradingVersion, version);
}
