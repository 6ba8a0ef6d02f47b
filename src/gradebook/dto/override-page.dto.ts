import { OverrideDto } from './override.dto.js';

/** One page of the scores that staff set for a submission. */
export class OverridePageDto {
  /** The entries, newest first. */
  items: OverrideDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
