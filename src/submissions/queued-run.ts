import type { GradingRun } from './grading-run.entity.js';

type Given = Pick<GradingRun, 'id' | 'submissionId' | 'number' | 'gradingVersion' | 'createdAt'> &
  Partial<Pick<GradingRun, 'cause' | 'rejudgeId' | 'comparedRunId' | 'trial'>>;

/** A new grading run that nobody has claimed yet. */
export function queuedRun(given: Given): GradingRun {
  return {
    cause: 'submission',
    rejudgeId: null,
    comparedRunId: null,
    trial: null,
    status: 'queued',
    verdict: null,
    score: null,
    maxScore: null,
    leaseToken: 0,
    leaseOwner: null,
    leaseExpiresAt: null,
    claims: 0,
    buildOutput: null,
    failure: null,
    startedAt: null,
    finishedAt: null,
    ...given,
  };
}
