import { AssignmentDto } from '../../assignments/dto/assignment.dto.js';
import { VerificationDto } from './verification.dto.js';

/** A thing of a package that has no counterpart, or another one than might be thought. */
export class PackageWarningDto {
  /**
   * The file of the package, and behind `#` a JSON Pointer into it.
   * @example "problem.yaml#/limits/code"
   */
  path: string;

  /**
   * What became of it.
   * @example "has no counterpart: left out"
   */
  message: string;
}

/** What became of a package. */
export class ImportedPackageDto {
  /** The new assignment, a draft. */
  assignment: AssignmentDto;

  /** What was not taken over as it is. */
  warnings: PackageWarningDto[];

  /** The verification of its model submissions that has begun; null where there are none. */
  verification: VerificationDto | null;
}
