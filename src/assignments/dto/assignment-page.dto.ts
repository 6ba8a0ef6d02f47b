import { AssignmentDto } from './assignment.dto.js';

/** One page of assignments. */
export class AssignmentPageDto {
  /** The assignments, newest first; fewer than `limit` where their grading documents are large. */
  items: AssignmentDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
