import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, mapPage, type Page } from '../http/page.js';
import { AccountDirectory } from './account-directory.js';
import type { OwnSessionDto } from './dto/own-session.dto.js';
import { lockUser } from './lock-user.js';
import { RefreshToken } from './refresh-token.entity.js';
import { RefreshTokens } from './refresh-tokens.js';
import { User } from './user.entity.js';

/**
 * The sign-ins of a user that still live, and their end. Ending one makes all access tokens of its user invalid, within a second
 * and without anything to look up at each request: the sessions that go on renew theirs with refresh tokens that still hold.
 */
@Injectable()
export class OwnSessionsService {
  constructor(
    @InjectRepository(RefreshToken) private readonly tokens: Repository<RefreshToken>,
    private readonly transactions: Transactions,
    private readonly refreshTokens: RefreshTokens,
    private readonly directory: AccountDirectory,
    private readonly audit: AuditLog,
  ) {}

  async list({ userId, sessionId }: Principal, list: ListQueryDto): Promise<Page<OwnSessionDto>> {
    const now = await databaseNow(this.tokens.manager);
    const query = this.tokens
      .createQueryBuilder('token')
      .where('token.userId = :userId AND token.usedAt IS NULL AND token.revokedAt IS NULL', { userId })
      .andWhere('token.expiresAt > :now', { now });
    return mapPage(await findPage(query, 'token', list), (token) => ({
      id: token.familyId,
      startedAt: token.startedAt ?? token.createdAt,
      lastSeenAt: token.createdAt,
      address: token.address,
      userAgent: token.userAgent,
      current: token.familyId === sessionId,
    }));
  }

  /** @throws DomainError `not_found` for a session of somebody else, and for one that has ended */
  async end({ userId }: Principal, id: string): Promise<void> {
    await this.transactions.run(async (manager) => {
      await this.endAccessTokens(manager, userId);
      if (!(await this.refreshTokens.revokeFamily(manager, { userId, familyId: id }))) {
        throw DomainError.notFound('session');
      }
      await this.note(manager, userId, userId, 'session.ended', { sessionId: id });
    });
    this.directory.forget(userId);
  }

  /** Ends all sessions of a user. @throws DomainError `not_found` where there is no such user */
  async endAll(asker: Principal, userId: string): Promise<void> {
    await this.transactions.run(async (manager) => {
      await this.endAccessTokens(manager, userId);
      await this.refreshTokens.revokeAllOf(manager, userId);
      await this.note(manager, asker.userId, userId, 'session.all_ended', null);
    });
    this.directory.forget(userId);
  }

  private async endAccessTokens(manager: EntityManager, userId: string): Promise<void> {
    const user = await lockUser(manager, userId);
    if (user === null) throw DomainError.notFound('user');
    await manager.update(User, { id: userId }, { tokenVersion: user.tokenVersion + 1 });
  }

  private note(
    manager: EntityManager,
    actorId: string,
    userId: string,
    action: string,
    detail: Readonly<Record<string, unknown>> | null,
  ): Promise<void> {
    return this.audit.record(manager, {
      actorId,
      action,
      targetType: 'user',
      targetId: userId,
      courseId: null,
      detail,
    });
  }
}
