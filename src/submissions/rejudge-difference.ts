import type { RunState } from '../grading/run-state.js';
import type { Verdict } from '../grading/verdict.js';
import type { ResultChange } from './result-change.js';
import type { TestDifference } from './test-differences.js';
import type { Trial } from './trial.js';

/** One of the two results of a submission. */
export interface ComparedRun {
  readonly runId: string;
  readonly status: RunState;
  readonly gradingVersion: number;
  readonly verdict: Verdict | null;
  readonly score: number | null;
  readonly maxScore: number | null;
}

/** What a rejudge changes, or would change, for one submission. */
export interface RejudgeDifference {
  readonly submissionId: string;
  readonly studentId: string;
  readonly attempt: number;
  readonly change: ResultChange;
  readonly trial: Trial | null;
  readonly overrideScore: number | null;
  readonly earlier: ComparedRun;
  readonly later: ComparedRun;
  readonly tests: readonly TestDifference[];
}
