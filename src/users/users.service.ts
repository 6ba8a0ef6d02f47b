import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, type EntityManager, Not, type Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { Client } from '../http/client.decorator.js';
import { type ExpectedVersions, requireVersion, updateVersioned } from '../http/entity-tag.js';
import { findPage, type Page } from '../http/page.js';
import { AccountDirectory } from './account-directory.js';
import { AccountMails } from './account-mails.js';
import type { ListUsersDto } from './dto/list-users.dto.js';
import type { ManageUserDto } from './dto/manage-user.dto.js';
import type { UpdateMeDto } from './dto/update-me.dto.js';
import { lockUser } from './lock-user.js';
import { type KnownOwner, OwnPassword, wrongCurrentPassword } from './own-password.js';
import { PasswordHasher } from './password-hasher.js';
import { refuseGuessablePassword } from './password-rules.js';
import { RefreshTokens } from './refresh-tokens.js';
import { User } from './user.entity.js';

interface PasswordChange {
  readonly owner: KnownOwner;
  readonly passwordHash: string;
}

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly transactions: Transactions,
    private readonly passwords: PasswordHasher,
    private readonly refreshTokens: RefreshTokens,
    private readonly directory: AccountDirectory,
    private readonly ownPassword: OwnPassword,
    private readonly mails: AccountMails,
    private readonly audit: AuditLog,
  ) {}

  /** Administrators see everyone, all others themselves. */
  async getUser(id: string, asker: Principal): Promise<User> {
    const user = asker.role === 'admin' || asker.userId === id ? await this.users.findOneBy({ id }) : null;
    if (user === null) throw DomainError.notFound('user');
    return user;
  }

  listUsers(list: ListUsersDto): Promise<Page<User>> {
    const query = this.users.createQueryBuilder('user');
    if (list.q !== undefined && list.q !== '') {
      const prefix = `${list.q.toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`;
      query.where(
        new Brackets((either) => {
          either
            .where(`user.email LIKE :prefix ESCAPE '!'`, { prefix })
            .orWhere(`LOWER(user.name) LIKE :prefix ESCAPE '!'`, { prefix });
        }),
      );
    }
    return findPage(query, 'user', list);
  }

  /** Changes the asker's own account. A new password signs them out everywhere. */
  async updateOwn(id: string, changes: UpdateMeDto, expected: ExpectedVersions, client: Client): Promise<User> {
    const passwordChange = await this.preparePasswordChange(id, changes, client);
    const user = await this.transactions.run(async (manager) => {
      const found = await this.lockExisting(manager, id);
      requireVersion(expected, found.version);
      if (passwordChange !== null && found.passwordHash !== passwordChange.owner.user.passwordHash) {
        throw new DomainError('conflict', 'edited_meanwhile', 'Your password was changed at the same time. Try again.');
      }
      const columns = {
        ...(changes.name === undefined || changes.name === found.name ? {} : { name: changes.name }),
        ...(passwordChange === null
          ? {}
          : { passwordHash: passwordChange.passwordHash, tokenVersion: found.tokenVersion + 1 }),
      };
      if (Object.keys(columns).length === 0) return found;
      const changed = await updateVersioned(manager, User, found, columns);
      if (passwordChange !== null) await this.notePasswordChange(manager, found, passwordChange);
      return changed;
    });
    this.directory.forget(id);
    return user;
  }

  /** Changes any account. A new role, or being disabled, signs its user out everywhere. */
  async manage(asker: Principal, id: string, changes: ManageUserDto, expected: ExpectedVersions): Promise<User> {
    const user = await this.transactions.run(async (manager) => {
      const found = await this.lockExisting(manager, id);
      requireVersion(expected, found.version);
      const role = changes.role ?? found.role;
      const disabled = changes.disabled ?? found.disabled;
      const stopsAdministrating = isActiveAdministrator(found) && !isActiveAdministrator({ role, disabled });
      if (stopsAdministrating) await this.requireAnotherAdministrator(manager, id);
      const endsSessions = role !== found.role || disabled !== found.disabled;
      const columns = {
        ...(changes.name === undefined || changes.name === found.name ? {} : { name: changes.name }),
        ...(endsSessions ? { role, disabled, tokenVersion: found.tokenVersion + 1 } : {}),
      };
      if (endsSessions) await this.refreshTokens.revokeAllOf(manager, id);
      if (Object.keys(columns).length === 0) return found;
      const changed = await updateVersioned(manager, User, found, columns);
      const renamed = columns.name === undefined ? {} : { renamed: true };
      await this.note(manager, asker.userId, id, 'user.changed', {
        ...renamed,
        ...(endsSessions ? { role, disabled } : {}),
      });
      return changed;
    });
    this.directory.forget(id);
    return user;
  }

  /** Checks and hashes before the transaction, which must stay short. Null when the password is to stay. */
  private async preparePasswordChange(
    id: string,
    { password, currentPassword }: UpdateMeDto,
    client: Client,
  ): Promise<PasswordChange | null> {
    if (password === undefined) return null;
    if (currentPassword === undefined) throw wrongCurrentPassword('is needed to change the password');
    const owner = await this.ownPassword.require(id, currentPassword, client);
    refuseGuessablePassword(password, owner.user.email);
    return { owner, passwordHash: await this.passwords.hash(password) };
  }

  private async notePasswordChange(manager: EntityManager, user: User, { owner }: PasswordChange): Promise<void> {
    await this.ownPassword.accept(manager, owner);
    await this.refreshTokens.revokeAllOf(manager, user.id);
    const what =
      'The password of your account was changed, by somebody who knew the one before. All sessions have ended.';
    await this.mails.news(manager, user.email, 'Your password was changed', what);
    await this.note(manager, user.id, user.id, 'user.password_changed', null);
  }

  private note(
    manager: EntityManager,
    actorId: string,
    targetId: string,
    action: string,
    detail: Readonly<Record<string, unknown>> | null,
  ): Promise<void> {
    return this.audit.record(manager, { actorId, action, targetType: 'user', targetId, courseId: null, detail });
  }

  private async lockExisting(manager: EntityManager, id: string): Promise<User> {
    const user = await lockUser(manager, id);
    if (user === null) throw DomainError.notFound('user');
    return user;
  }

  /**
   * The others are locked too: two who take each other's rights at the same time then meet here, and one of them fails or is
   * run again after the other.
   */
  private async requireAnotherAdministrator(manager: EntityManager, id: string): Promise<void> {
    const others = await manager.find(User, {
      select: { id: true },
      where: { role: 'admin', disabled: false, id: Not(id) },
      order: { id: 'ASC' },
      ...rowLock(manager),
    });
    if (others.length > 0) return;
    throw new DomainError(
      'conflict',
      'last_admin',
      'This is the last active administrator: make somebody else one first.',
    );
  }
}

function isActiveAdministrator({ role, disabled }: Pick<User, 'role' | 'disabled'>): boolean {
  return role === 'admin' && !disabled;
}
