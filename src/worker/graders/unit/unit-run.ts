import type { UnitJudgement } from '../../../grading/unit/judge-framework.js';
import type { RunOutcome } from '../../../sandbox/run-outcome.js';

/** What came of a `unit` test, with the runs that it took. */
export interface UnitRun {
  readonly judged: UnitJudgement;
  /** At least one. */
  readonly runs: readonly RunOutcome[];
  /** The run whose output and end say most. */
  readonly shown: RunOutcome;
}
