import type { GradingTest } from '../../grading/grading-document.js';
import type { TestResult } from '../../grading/test-result.js';
import type { GradingSession } from '../grading-session.js';
import { gradeCommand } from './command.js';
import { gradeHttp } from './http.js';
import { gradeLint } from './lint/lint.js';
import { gradeMutation } from './mutation/mutation.js';
import { gradeProgram } from './program.js';
import { gradeSql } from './sql.js';
import { gradeUnit } from './unit/unit.js';

/**
 * Runs one test and judges it. A kind that is added does not compile until it has a grader.
 *
 * @throws GradingFault when Assay, not the submission, failed.
 */
export function gradeTest(session: GradingSession, test: GradingTest): Promise<TestResult> {
  switch (test.kind) {
    case 'program':
      return gradeProgram(session, test);
    case 'http':
      return gradeHttp(session, test);
    case 'command':
      return gradeCommand(session, test);
    case 'unit':
      return gradeUnit(session, test);
    case 'lint':
      return gradeLint(session, test);
    case 'sql':
      return gradeSql(session, test);
    case 'mutation':
      return gradeMutation(session, test);
  }
}

/** The result of a test that was not run. */
export function skippedTest(test: GradingTest, why: string): TestResult {
  return {
    name: test.name,
    kind: test.kind,
    visibility: test.visibility,
    verdict: 'skipped',
    points: 0,
    maxPoints: test.points,
    timeMs: null,
    wallMs: null,
    memoryKiB: null,
    exitCode: null,
    signal: null,
    message: why,
    stdout: null,
    stderr: null,
    expected: null,
    cases: null,
  };
}
