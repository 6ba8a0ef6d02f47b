import { groupTree } from '../grading/group-tree.js';
import { submissionVerdict } from '../grading/group-verdict.js';
import { scoreOf } from '../grading/score.js';
import { skipReason } from '../grading/skip-rule.js';
import type { TestResult } from '../grading/test-result.js';
import type { Verdict } from '../grading/verdict.js';
import type { RunResult } from '../submissions/grading-runs.js';
import { build } from './build.js';
import { gradeTest, skippedTest } from './graders/graders.js';
import { GradingFault } from './grading-fault.js';
import type { GradingSession } from './grading-session.js';

/**
 * Builds, runs the tests in their order, those that nothing before them rules out, and adds up. `onTest` hears of each result as soon as it is there.
 *
 * @throws GradingFault when Assay failed, or the result is not wanted any longer.
 */
export async function runTests(
  session: GradingSession,
  onTest: (result: TestResult, position: number) => void,
): Promise<RunResult> {
  const { document, signal } = session;
  const built = await build(session);
  const tree = groupTree(document);
  const tests: TestResult[] = [];
  const verdicts = new Map<number, Verdict>();
  for (const [position, test] of document.tests.entries()) {
    if (signal.aborted) throw new GradingFault('aborted');
    const skipped = built.isBuilt
      ? skipReason(document, tree, position, verdicts)
      : 'Not run, because the build failed.';
    const graded = skipped === null ? await gradeTest(session, test) : skippedTest(test, skipped);
    const result = { ...graded, feedback: test.feedback ?? null };
    onTest(result, position);
    tests.push(result);
    verdicts.set(position, result.verdict);
  }
  return {
    ...scoreOf(document, tests),
    verdict: built.isBuilt ? submissionVerdict(tree, verdicts) : 'compile_error',
    buildOutput: built.output,
    tests,
  };
}
