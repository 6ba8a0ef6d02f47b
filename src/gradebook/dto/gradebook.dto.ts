import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { COUNTED_ATTEMPTS, type CountedAttemptRule } from '../../assignments/assignment.entity.js';
import { NoLatePolicyDto, PercentLatePolicyDto } from '../../assignments/dto/late-policy.dto.js';
import type { LatePolicy } from '../../grading/late-policy.js';
import type { GradebookAssignment, GradebookRow } from '../gradebook-row.js';

/** A column of the gradebook. */
@ApiExtraModels(NoLatePolicyDto, PercentLatePolicyDto)
export class GradebookAssignmentDto {
  /**
   * Id of the assignment.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * Its name in paths and files.
   * @example "lru-cache"
   */
  slug: string;

  /**
   * Its name for people.
   * @example "A cache that forgets"
   */
  title: string;

  /**
   * The points to be had at present.
   * @example 10
   */
  maxPoints: number;

  /**
   * When it is due; null: never.
   * @example "2026-09-14T20:00:00.000Z"
   */
  dueAt: Date | null;

  /**
   * What handing in late costs.
   * @example { "kind": "percent", "perDay": 10, "max": 50 }
   */
  @ApiProperty({ oneOf: [{ $ref: getSchemaPath(NoLatePolicyDto) }, { $ref: getSchemaPath(PercentLatePolicyDto) }] })
  latePolicy: LatePolicy;

  /**
   * Which attempt counts.
   * @example "best"
   */
  @ApiProperty({ enum: COUNTED_ATTEMPTS })
  countedAttempt: CountedAttemptRule;

  static from({
    id,
    slug,
    title,
    maxPoints,
    dueAt,
    latePolicy,
    countedAttempt,
  }: GradebookAssignment): GradebookAssignmentDto {
    return { id, slug, title, maxPoints, dueAt, latePolicy, countedAttempt };
  }
}

/** What one assignment gave one student. */
export class GradebookCellDto {
  /**
   * Id of the assignment.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  assignmentId: string;

  /**
   * The points that were to be had: of the grading version that the submission was graded by, or those of the assignment
   * where nothing counts yet.
   * @example 10
   */
  maxScore: number;

  /**
   * The submission that counts; null where none does yet.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab2"
   */
  submissionId: string | null;

  /**
   * Which of the student's attempts that is.
   * @example 3
   */
  attempt: number | null;

  /**
   * When it was received.
   * @example "2026-09-15T07:00:00.000Z"
   */
  submittedAt: Date | null;

  /**
   * Whether that was after `dueAt`, as it is set now.
   * @example true
   */
  late: boolean;

  /**
   * What grading gave it, before the late policy, and beside what staff set.
   * @example 8
   */
  computedScore: number | null;

  /**
   * Whether staff set the score. The late policy is not applied to such a score.
   * @example false
   */
  overridden: boolean;

  /**
   * The score that counts; null where there is none yet.
   * @example 7.2
   */
  score: number | null;
}

/** The sum of a row. */
export class GradebookTotalDto {
  /**
   * Points reached; what is not graded yet counts as 0.
   * @example 7.2
   */
  score: number;

  /**
   * Points to be had.
   * @example 10
   */
  maxScore: number;
}

/** Whose row it is. */
export class GradebookStudentDto {
  /**
   * Id of the user.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab3"
   */
  id: string;

  /**
   * The user's name.
   * @example "Ada Lovelace"
   */
  name: string;

  /**
   * The user's e-mail address.
   * @example "ada@example.org"
   */
  email: string;
}

/** A student's row. */
export class GradebookRowDto {
  /** Whose row it is. */
  student: GradebookStudentDto;

  /** One for each assignment, in the order of `assignments`. */
  cells: GradebookCellDto[];

  /** The sum of the cells. */
  total: GradebookTotalDto;

  static from({ id, name, email }: GradebookStudentDto, { cells, total }: GradebookRow): GradebookRowDto {
    return { student: { id, name, email }, cells: [...cells], total };
  }
}

/** One page of a gradebook: students by assignments. */
export class GradebookDto {
  /** The columns: all published assignments of the course, oldest first. */
  assignments: GradebookAssignmentDto[];

  /** The rows: students in the order in which they came into the course. */
  items: GradebookRowDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
