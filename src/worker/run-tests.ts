import { scoreOf } from '../grading/score.js';
import type { TestResult } from '../grading/test-result.js';
import { submissionVerdict } from '../grading/verdict.js';
import type { RunResult } from '../submissions/grading-runs.js';
import { build } from './build.js';
import { gradeTest, skippedTest } from './graders/graders.js';
import { GradingFault } from './grading-fault.js';
import type { GradingSession } from './grading-session.js';

/**
 * Builds, runs all tests in their order, and adds up. `onTest` hears of each result as soon as it is there.
 *
 * @throws GradingFault when Assay failed, or the result is not wanted any longer.
 */
export async function runTests(
  session: GradingSession,
  onTest: (result: TestResult, position: number) => void,
): Promise<RunResult> {
  const { document, signal } = session;
  const built = await build(session);
  const tests: TestResult[] = [];
  let skipReason = built.isBuilt ? null : 'Not run, because the build failed.';
  for (const test of document.tests) {
    if (signal.aborted) throw new GradingFault('aborted');
    const result = skipReason === null ? await gradeTest(session, test) : skippedTest(test, skipReason);
    onTest(result, tests.length);
    tests.push(result);
    if (document.stopOnFailure && result.verdict !== 'accepted') {
      skipReason ??= 'Not run, because a test before it was not passed.';
    }
  }
  return {
    ...scoreOf(document, tests),
    verdict: built.isBuilt ? submissionVerdict(tests) : 'compile_error',
    buildOutput: built.output,
    tests,
  };
}
