import type { GradingDocument } from '../grading/grading-document.js';
import type { TestResult } from '../grading/test-result.js';
import { skippedTest } from './graders/graders.js';

/** What has come of a run so far: kept where the rest of it cannot be graded. */
export interface RunProgress {
  /** Null: the run came to nothing before its document was there. */
  document: GradingDocument | null;
  /** Of the first tests, in the order of the document. */
  readonly results: TestResult[];
}

/**
 * What the tests of a run gave that Assay cannot bring to its end: those that were judged as they were, the one at which it
 * failed as `judge_error`, and the others as not run. Empty where none was judged: there is nothing to keep then.
 */
export function unfinishedResults({ document, results }: RunProgress): readonly TestResult[] {
  if (document === null || results.length === 0) return [];
  const rest = document.tests.slice(results.length).map((test, index): TestResult => {
    const skipped = skippedTest(test, 'Not run, because Assay failed before, at no fault of the submission.');
    const failed = index > 0 ? {} : { verdict: 'judge_error' as const, message: FAILED };
    return { ...skipped, ...failed, feedback: test.feedback ?? null };
  });
  return [...results, ...rest];
}

const FAILED = 'This test could not be judged because of a fault in Assay, not in the submission.';
