import type { GradingTest, TestKind } from '../../grading/grading-document.js';
import type { TestResult } from '../../grading/test-result.js';
import type { GradingSession } from '../grading-session.js';

/**
 * Runs one test of a kind in a session and turns what the sandbox saw into a result, through the rules of `grading/`.
 *
 * @throws GradingFault when Assay, not the submission, failed.
 */
export type Grader<Kind extends TestKind> = (
  session: GradingSession,
  test: Extract<GradingTest, { readonly kind: Kind }>,
) => Promise<TestResult>;
