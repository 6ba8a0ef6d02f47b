import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { LatePolicy } from '../../grading/late-policy.js';
import { withVersion } from '../../http/entity-tag.js';
import {
  type Assignment,
  ASSIGNMENT_STATUSES,
  type AssignmentStatus,
  COUNTED_ATTEMPTS,
  type CountedAttemptRule,
} from '../assignment.entity.js';
import { shownGradingProperty } from './grading-property.js';
import { NoLatePolicyDto, PercentLatePolicyDto } from './late-policy.dto.js';

/** An assignment, as the caller may see it. */
@ApiExtraModels(NoLatePolicyDto, PercentLatePolicyDto)
export class AssignmentDto {
  /**
   * Id of the assignment (UUIDv7).
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * Id of its course.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab1"
   */
  courseId: string;

  /**
   * Its name in paths and files; unique in the course.
   * @example "lru-cache"
   */
  slug: string;

  /**
   * Its name for people.
   * @example "A cache that forgets"
   */
  title: string;

  /**
   * What is to be done, in Markdown. Who sees the assignment sees it, also before `opensAt`.
   * @example "Write a cache that holds at most *n* values."
   */
  instructions: string;

  /**
   * `draft` and `archived`: only staff see it.
   * @example "published"
   */
  @ApiProperty({ enum: ASSIGNMENT_STATUSES })
  status: AssignmentStatus;

  /**
   * From when on submissions are accepted; null: from the beginning.
   * @example "2026-09-07T08:00:00.000Z"
   */
  opensAt: Date | null;

  /**
   * Later submissions are `late`; null: none is.
   * @example "2026-09-14T20:00:00.000Z"
   */
  dueAt: Date | null;

  /**
   * Later submissions are refused; null: none is.
   * @example "2026-09-16T20:00:00.000Z"
   */
  closesAt: Date | null;

  /**
   * How often each student may submit; null: as often as they like.
   * @example 10
   */
  maxAttempts: number | null;

  /**
   * What handing in late costs.
   * @example { "kind": "percent", "perDay": 10, "max": 50 }
   */
  @ApiProperty({ oneOf: [{ $ref: getSchemaPath(NoLatePolicyDto) }, { $ref: getSchemaPath(PercentLatePolicyDto) }] })
  latePolicy: LatePolicy;

  /**
   * Which of a student's attempts the gradebook counts.
   * @example "best"
   */
  @ApiProperty({ enum: COUNTED_ATTEMPTS })
  countedAttempt: CountedAttemptRule;

  /**
   * A newer submission of a student cancels their older ones that still wait; no attempt is spent on those.
   * @example false
   */
  supersedes: boolean;

  /**
   * The points to be had: the sum over tests and groups.
   * @example 10
   */
  maxPoints: number;

  /**
   * How submissions are graded. Staff see the document as it was sent; students see it with defaults filled in and without
   * hidden files, secret tests and the details of hidden tests.
   * @example { "runtime": "python", "entrypoint": "main.py", "tests": [{ "kind": "program", "name": "adds", "points": 10, "stdin": "1 2\n", "expect": { "stdout": "3\n" } }] }
   */
  @ApiProperty(shownGradingProperty)
  grading: object;

  /**
   * Number of the grading document's version, from 1; each change of it makes another.
   * @example 1
   */
  gradingVersion: number;

  static from(assignment: Assignment, grading: object): AssignmentDto {
    const dto: AssignmentDto = {
      id: assignment.id,
      courseId: assignment.courseId,
      slug: assignment.slug,
      title: assignment.title,
      instructions: assignment.instructions,
      status: assignment.status,
      opensAt: assignment.opensAt,
      dueAt: assignment.dueAt,
      closesAt: assignment.closesAt,
      maxAttempts: assignment.maxAttempts,
      latePolicy: assignment.latePolicy,
      countedAttempt: assignment.countedAttempt,
      supersedes: assignment.supersedes,
      maxPoints: assignment.maxPoints,
      grading,
      gradingVersion: assignment.gradingVersion,
    };
    return withVersion(dto, assignment.version);
  }
}
