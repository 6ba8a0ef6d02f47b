import { ApiProperty } from '@nestjs/swagger';
import { SessionDto } from '../../users/dto/session.dto.js';
import type { Invitation } from '../invitation.entity.js';

/** What an invitation gave. */
export class AcceptedInvitationDto {
  /**
   * The course that they are in now; null for an invitation to the platform.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  courseId: string | null;

  /**
   * Their role there, or on the platform.
   * @example "student"
   */
  @ApiProperty({ enum: ['admin', 'instructor', 'assistant', 'student'] })
  role: Invitation['role'];

  /** Of the account that was made; null where they had one. */
  @ApiProperty({ type: SessionDto, nullable: true })
  session: SessionDto | null;

  static of(values: AcceptedInvitationDto): AcceptedInvitationDto {
    return Object.assign(new AcceptedInvitationDto(), values);
  }
}
