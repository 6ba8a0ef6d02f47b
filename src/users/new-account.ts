import type { EntityManager } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { User } from './user.entity.js';

/** Writes a new account. Fails with a unique violation when its e-mail address is taken. */
export async function insertAccount(
  manager: EntityManager,
  account: Pick<User, 'email' | 'name' | 'passwordHash' | 'role'>,
): Promise<User> {
  const user = Object.assign(new User(), {
    ...account,
    id: newId(),
    disabled: false,
    tokenVersion: 1,
    createdAt: await databaseNow(manager),
    version: 1,
  });
  await manager.insert(User, user);
  return user;
}
