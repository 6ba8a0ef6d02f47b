import type { EntityManager } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { User } from './user.entity.js';

/** Writes a new account. Fails with a unique violation when its e-mail address is taken. */
export async function insertAccount(
  manager: EntityManager,
  account: Pick<User, 'email' | 'name' | 'passwordHash' | 'role'> & { readonly isEmailVerified?: boolean },
): Promise<User> {
  const { isEmailVerified = false, ...given } = account;
  const createdAt = await databaseNow(manager);
  const user = Object.assign(new User(), {
    ...given,
    emailVerifiedAt: isEmailVerified ? createdAt : null,
    id: newId(),
    disabled: false,
    tokenVersion: 1,
    createdAt,
    version: 1,
  });
  await manager.insert(User, user);
  return user;
}
