import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Course } from '../courses/course.entity.js';
import type { CourseRole } from '../courses/enrolment.entity.js';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import type { PlatformRole } from '../users/user.entity.js';

/** The scope of invitations to the platform alone; those to a course have its id. */
export const PLATFORM = 'platform';

/** Who was invited, to what, and what came of it. There is one for each address and scope: the last. */
@Entity('invitations')
@Index('invitations_scope_email', ['scope', 'email'], { unique: true })
@Index('invitations_scope', ['scope', 'id'])
@Index('invitations_inviter', ['invitedBy', 'createdAt'])
export class Invitation {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  scope: string;

  @Index('invitations_course')
  @Column(nullable(columnTypes.id))
  courseId: string | null;

  @ManyToOne(() => Course, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'courseId', foreignKeyConstraintName: 'fk_invitations_course' })
  course?: Course | null;

  /** As accounts keep it. */
  @Column(shortText())
  email: string;

  /** In the course; or, without one, on the platform. */
  @Column(shortText(20))
  role: CourseRole | PlatformRole;

  /** SHA-256 in hexadecimal; the token itself is mailed and not kept. */
  @Index('invitations_hash', { unique: true })
  @Column(shortText(64))
  tokenHash: string;

  @Column(columnTypes.id)
  invitedBy: string;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Column(columnTypes.instant)
  expiresAt: Date;

  @Column(nullable(columnTypes.instant))
  acceptedAt: Date | null;

  @Column(nullable(columnTypes.id))
  acceptedBy: string | null;
}
