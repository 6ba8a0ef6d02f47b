import { ApiProperty } from '@nestjs/swagger';
import { VERIFICATION_STATUSES, type VerificationResult, type VerificationStatus } from '../verification-results.js';
import type { Verification } from '../verification.entity.js';

/** How an assignment grades its model submissions, as lists show it. */
export class VerificationHeadDto {
  /**
   * Id of the verification (UUIDv7).
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab6"
   */
  id: string;

  /**
   * Id of the assignment.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab1"
   */
  assignmentId: string;

  /**
   * The version of the grading document that is proved.
   * @example 1
   */
  gradingVersion: number;

  /**
   * `running`: some model submissions wait or are being graded. `passed`: each got what it should. `failed`: some did not.
   * @example "passed"
   */
  @ApiProperty({ enum: VERIFICATION_STATUSES })
  status: VerificationStatus;

  /**
   * How many model submissions there are.
   * @example 4
   */
  total: number;

  /**
   * How many of them got what they should.
   * @example 4
   */
  right: number;

  /**
   * How many of them did not.
   * @example 0
   */
  wrong: number;

  /**
   * Id of whoever asked for it.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab2"
   */
  createdById: string;

  /**
   * When it was asked for.
   * @example "2026-09-07T08:00:00.000Z"
   */
  createdAt: Date;

  static headOf(verification: Verification, result: VerificationResult): VerificationHeadDto {
    return headFields(verification, result);
  }
}

/** What head and whole have in common. */
export function headFields(
  verification: Verification,
  { status, items }: VerificationResult,
): { [Name in keyof VerificationHeadDto]: VerificationHeadDto[Name] } {
  return {
    id: verification.id,
    assignmentId: verification.assignmentId,
    gradingVersion: verification.gradingVersion,
    status,
    total: items.length,
    right: items.filter(({ isRight }) => isRight === true).length,
    wrong: items.filter(({ isRight }) => isRight === false).length,
    createdById: verification.createdById,
    createdAt: verification.createdAt,
  };
}
