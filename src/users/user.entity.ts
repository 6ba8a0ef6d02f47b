import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';

export const PLATFORM_ROLES = ['admin', 'instructor', 'student'] as const;
/** What someone may do on the platform as a whole; course roles are in `Enrolment`. */
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

@Entity('users')
export class User {
  @PrimaryColumn(columnTypes.id)
  id: string;

  /** Lower case; compared as it is. */
  @Index('users_email', { unique: true })
  @Column(shortText())
  email: string;

  @Column(shortText(200))
  name: string;

  /** When whoever has the account showed that the address is theirs; null: not yet. */
  @Column(nullable(columnTypes.instant))
  emailVerifiedAt: Date | null;

  /** An argon2id hash in PHC format; null for accounts without a password. */
  @Column(nullable(shortText()))
  passwordHash: string | null;

  @Index('users_role')
  @Column(shortText(20))
  role: PlatformRole;

  @Column(columnTypes.boolean)
  disabled: boolean;

  /** Rises when role, password or `disabled` change: access tokens that name an older one are refused. */
  @Column(columnTypes.integer)
  tokenVersion: number;

  @Column(columnTypes.instant)
  createdAt: Date;

  /** Rises with each change; the entity tag is made of it. */
  @Column(columnTypes.integer)
  version: number;
}
