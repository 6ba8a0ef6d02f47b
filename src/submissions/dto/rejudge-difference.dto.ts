import { ApiProperty } from '@nestjs/swagger';
import { RUN_STATES, type RunState } from '../../grading/run-state.js';
import { VERDICTS, type Verdict } from '../../grading/verdict.js';
import type { ComparedRun, RejudgeDifference } from '../rejudge-difference.js';
import { RESULT_CHANGES, type ResultChange } from '../result-change.js';
import type { TestDifference } from '../test-differences.js';
import { type Trial, TRIALS } from '../trial.js';

/** One of the two results that are compared. */
export class ComparedResultDto {
  /**
   * Id of its grading run.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab3"
   */
  runId: string;

  /**
   * Where the run stands.
   * @example "graded"
   */
  @ApiProperty({ enum: RUN_STATES })
  status: RunState;

  /**
   * The version of the grading document that it uses.
   * @example 1
   */
  gradingVersion: number;

  /**
   * What was decided; null until then.
   * @example "wrong_answer"
   */
  @ApiProperty({ enum: VERDICTS, nullable: true })
  verdict: Verdict | null;

  /**
   * Points reached, before late policy and override.
   * @example 6
   */
  score: number | null;

  /**
   * Points that could be reached.
   * @example 10
   */
  maxScore: number | null;

  static from({ runId, status, gradingVersion, verdict, score, maxScore }: ComparedRun): ComparedResultDto {
    return { runId, status, gradingVersion, verdict, score, maxScore };
  }
}

/** What a test gave in one of the two. */
export class ComparedTestDto {
  /**
   * What was decided.
   * @example "accepted"
   */
  @ApiProperty({ enum: VERDICTS })
  verdict: Verdict;

  /**
   * Points that were reached.
   * @example 2
   */
  points: number;

  /**
   * Points that could be reached.
   * @example 2
   */
  maxPoints: number;
}

/** A test that gave something else. */
export class TestDifferenceDto {
  /**
   * Name of the test.
   * @example "adds two numbers"
   */
  name: string;

  /** What it gave before; null where it was not among the tests. */
  earlier: ComparedTestDto | null;

  /** What it gives now; null where it is not among the tests any more. */
  later: ComparedTestDto | null;

  static from({ name, earlier, later }: TestDifference): TestDifferenceDto {
    return { name, earlier, later };
  }
}

/** The former and the new result of a submission. */
export class RejudgeDifferenceDto {
  /**
   * Id of the submission.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  submissionId: string;

  /**
   * Id of whoever handed it in.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab2"
   */
  studentId: string;

  /**
   * 1, 2, 3, … of this student on this assignment.
   * @example 1
   */
  attempt: number;

  /**
   * How the new result stands to the former one: `better` and `worse` are a higher and a lower score, `same_score` is another
   * verdict or another number of points to be had, `failed` was Assay's fault.
   * @example "better"
   */
  @ApiProperty({ enum: RESULT_CHANGES })
  change: ResultChange;

  /**
   * With a dry run, what became of the new result: `pending` until it is `applied`; `overtaken`: the submission had been given
   * another one by then; `failed`: there is none. Null where the new result replaced the former one by itself.
   * @example "pending"
   */
  @ApiProperty({ enum: TRIALS, nullable: true })
  dryRun: Trial | null;

  /**
   * The score that staff set in place of the computed one, which then counts whatever the results are; null where they did
   * not.
   * @example null
   */
  overrideScore: number | null;

  /** The result that it had when the rejudge was asked for. */
  earlier: ComparedResultDto;

  /** The new one. */
  later: ComparedResultDto;

  /** The tests whose verdict or points differ, as soon as it is graded. */
  tests: TestDifferenceDto[];

  static from(difference: RejudgeDifference): RejudgeDifferenceDto {
    return {
      submissionId: difference.submissionId,
      studentId: difference.studentId,
      attempt: difference.attempt,
      change: difference.change,
      dryRun: difference.trial,
      overrideScore: difference.overrideScore,
      earlier: ComparedResultDto.from(difference.earlier),
      later: ComparedResultDto.from(difference.later),
      tests: difference.tests.map((test) => TestDifferenceDto.from(test)),
    };
  }
}
