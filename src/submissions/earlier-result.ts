import { type EntityManager, LessThan } from 'typeorm';
import { GradingRun } from './grading-run.entity.js';
import type { Submission } from './submission.entity.js';
import { OFFICIAL_RUN } from './trial.js';

type Result = Pick<
  Submission,
  'currentRunId' | 'status' | 'verdict' | 'score' | 'maxScore' | 'gradingVersion' | 'startedAt' | 'gradedAt'
>;

/**
 * What a submission showed before it was graded again: a run that came to nothing takes no result away. Null where there is
 * none.
 */
export async function earlierResult(
  manager: EntityManager,
  { submissionId, number }: Pick<GradingRun, 'submissionId' | 'number'>,
): Promise<Result | null> {
  if (number === 1) return null;
  const earlier = await manager.findOne(GradingRun, {
    where: { submissionId, status: 'graded', number: LessThan(number), ...OFFICIAL_RUN },
    order: { number: 'DESC' },
  });
  if (earlier === null) return null;
  const { id, status, verdict, score, maxScore, gradingVersion, startedAt, finishedAt } = earlier;
  return { currentRunId: id, status, verdict, score, maxScore, gradingVersion, startedAt, gradedAt: finishedAt };
}
