import { InvitationDto } from './invitation.dto.js';

/** One page of invitations. */
export class InvitationPageDto {
  /** The invitations, newest first. */
  items: InvitationDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
