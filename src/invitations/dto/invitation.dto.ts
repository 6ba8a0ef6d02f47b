import { ApiProperty } from '@nestjs/swagger';
import type { Invitation } from '../invitation.entity.js';

/** An invitation; its token is only in the mail. */
export class InvitationDto {
  /**
   * UUIDv7.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * Whom it was sent to.
   * @example "ada@example.org"
   */
  email: string;

  /**
   * What they get: a role in the course, or on the platform.
   * @example "student"
   */
  @ApiProperty({ enum: ['admin', 'instructor', 'assistant', 'student'] })
  role: Invitation['role'];

  /**
   * Id of the user who invited them.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab1"
   */
  invitedBy: string;

  /**
   * When it was sent.
   * @example "2026-03-01T09:30:00.000Z"
   */
  createdAt: Date;

  /**
   * Until when it can be accepted.
   * @example "2026-03-15T09:30:00.000Z"
   */
  expiresAt: Date;

  /**
   * When it was accepted; null while it was not.
   * @example "2026-03-02T09:30:00.000Z"
   */
  acceptedAt: Date | null;

  static from({ id, email, role, invitedBy, createdAt, expiresAt, acceptedAt }: Invitation): InvitationDto {
    return Object.assign(new InvitationDto(), { id, email, role, invitedBy, createdAt, expiresAt, acceptedAt });
  }
}
