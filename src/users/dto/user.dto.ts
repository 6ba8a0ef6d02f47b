import { ApiProperty } from '@nestjs/swagger';
import { withVersion } from '../../http/entity-tag.js';
import { PLATFORM_ROLES, type PlatformRole, type User } from '../user.entity.js';

/** A user of the platform. */
export class UserDto {
  /**
   * UUIDv7.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * The e-mail address, in lower case.
   * @example "ada@example.org"
   */
  email: string;

  /** Whether its owner has shown that the address is theirs, by a link that was mailed to it. */
  emailVerified: boolean;

  /**
   * The name that others see.
   * @example "Ada Lovelace"
   */
  name: string;

  /**
   * What the user may do on the platform; roles in a course are separate.
   * @example "student"
   */
  @ApiProperty({ enum: PLATFORM_ROLES, enumName: 'PlatformRole' })
  role: PlatformRole;

  /**
   * When the account was made.
   * @example "2026-03-01T09:30:00.000Z"
   */
  createdAt: Date;

  static from(user: User): UserDto {
    return withVersion(UserDto.fieldsOf(user), user.version);
  }

  protected static fieldsOf({ id, email, emailVerifiedAt, name, role, createdAt }: User): UserDto {
    const emailVerified = emailVerifiedAt !== null;
    return Object.assign(new UserDto(), { id, email, emailVerified, name, role, createdAt });
  }
}
