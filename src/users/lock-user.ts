import type { EntityManager } from 'typeorm';
import { rowLock } from '../database/row-lock.js';
import { User } from './user.entity.js';

/** The user as they are now, locked until the transaction ends: changes of one account and its sessions take turns. */
export function lockUser(manager: EntityManager, id: string): Promise<User | null> {
  return manager.findOne(User, { where: { id }, ...rowLock(manager) });
}
