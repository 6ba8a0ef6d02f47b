import type { User } from '../user.entity.js';
import { withVersion } from '../../http/entity-tag.js';
import { UserDto } from './user.dto.js';

/** A user as administrators see them. */
export class ManagedUserDto extends UserDto {
  /**
   * True when the user may not sign in any more.
   * @example false
   */
  disabled: boolean;

  static override from(user: User): ManagedUserDto {
    const body = Object.assign(new ManagedUserDto(), UserDto.fieldsOf(user), { disabled: user.disabled });
    return withVersion(body, user.version);
  }
}
