import { VerificationHeadDto } from './verification-head.dto.js';

/** One page of verifications. */
export class VerificationPageDto {
  /** The verifications, newest first. */
  items: VerificationHeadDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
