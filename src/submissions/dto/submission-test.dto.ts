import { ApiProperty } from '@nestjs/swagger';
import { SUPPORTED_TEST_KINDS } from '../../grading/grading-schema.js';
import { VERDICTS, type Verdict } from '../../grading/verdict.js';
import type { PresentedTestResult } from '../../grading/visibility.js';

/** What one case of a test gave, such as a test function of a framework: a line of the test's result. */
export class SubmissionTestCaseDto {
  /**
   * Name of the case, as its framework or report says it.
   * @example "test_calc.py::test_adds"
   */
  name: string;

  /**
   * What was decided. `skipped` where it was not run.
   * @example "wrong_answer"
   */
  @ApiProperty({ enum: VERDICTS })
  verdict: Verdict;

  /**
   * Points of the test that this case gave.
   * @example 0
   */
  points: number;

  /**
   * Points of the test that this case could give.
   * @example 2.5
   */
  maxPoints: number;

  /**
   * Why this verdict, cut.
   * @example "assert 4 == 5"
   */
  message: string | null;
}

/** What one test gave, as far as the caller may see it. Texts are cut, with a marker. */
export class SubmissionTestDto {
  /**
   * Name of the test; `Test 1` and so on where students do not see it.
   * @example "adds two numbers"
   */
  name: string;

  /**
   * Kind of the test.
   * @example "program"
   */
  @ApiProperty({ enum: SUPPORTED_TEST_KINDS })
  kind: string;

  /**
   * What was decided; null where students do not see it.
   * @example "accepted"
   */
  @ApiProperty({ enum: VERDICTS, nullable: true })
  verdict: Verdict | null;

  /**
   * Points that were reached; null where students do not see them.
   * @example 2
   */
  points: number | null;

  /**
   * Points that could be reached.
   * @example 2
   */
  maxPoints: number;

  /**
   * CPU time, in milliseconds.
   * @example 31
   */
  timeMs: number | null;

  /**
   * Elapsed time, in milliseconds.
   * @example 40
   */
  wallMs: number | null;

  /**
   * Peak memory, in KiB.
   * @example 9212
   */
  memoryKiB: number | null;

  /**
   * Exit status; null where the program did not exit by itself.
   * @example 0
   */
  exitCode: number | null;

  /**
   * Name of the signal that ended the program.
   * @example "SIGSEGV"
   */
  signal: string | null;

  /**
   * Why this verdict.
   * @example "Line 1 differs: expected \"3\", got \"4\""
   */
  message: string | null;

  /**
   * What the program wrote to its standard output.
   * @example "3\n"
   */
  stdout: string | null;

  /**
   * What the program wrote to its standard error.
   * @example ""
   */
  stderr: string | null;

  /**
   * The standard output that was expected.
   * @example "3\n"
   */
  expected: string | null;

  /** The cases of a test that consists of several (`unit`, `command`, `mutation`), at most 1000; null where it knows none. */
  @ApiProperty({ type: [SubmissionTestCaseDto], nullable: true })
  cases: SubmissionTestCaseDto[] | null;

  /**
   * For staff only: what the checker of the assignment says of this output.
   * @example "Case 14: expected 30, got 31"
   */
  staffMessage: string | null;

  /**
   * What helps where the test was not accepted.
   * @example "What is the mean of no numbers at all?"
   */
  hint: string | null;

  /**
   * True where students do not see all of it at this moment: by `visibility`, name, kind, verdict and points only.
   * @example false
   */
  hidden: boolean;

  static from(result: PresentedTestResult): SubmissionTestDto {
    return { ...result, cases: result.cases === null ? null : [...result.cases] };
  }
}
