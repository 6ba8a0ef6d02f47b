import { ApiProperty } from '@nestjs/swagger';

export const INVITATION_OUTCOMES = [
  'invited',
  'already_member',
  'already_registered',
  'mailed_recently',
  'duplicate',
  'invalid_address',
] as const;
export type InvitationOutcome = (typeof INVITATION_OUTCOMES)[number];

/** What came of one address. */
export class InvitationOutcomeDto {
  /**
   * The address as it was sent.
   * @example "ada@example.org"
   */
  email: string;

  /**
   * `invited`: a mail is on its way, and an earlier invitation does not work any more. `already_member`, `already_registered`: there
   * is nothing to invite them to. `mailed_recently`: they were invited within the last ten minutes, or got many mails today.
   * `duplicate`: it stands earlier in the list. `invalid_address`: it is no e-mail address.
   * @example "invited"
   */
  @ApiProperty({ enum: INVITATION_OUTCOMES, enumName: 'InvitationOutcome' })
  outcome: InvitationOutcome;
}

/** What came of each address, in the order in which they were sent. */
export class InvitationOutcomesDto {
  /** One for each address. */
  items: InvitationOutcomeDto[];
}
