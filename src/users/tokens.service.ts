import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, mapPage, type Page } from '../http/page.js';
import type { CreateTokenDto } from './dto/create-token.dto.js';
import { NewTokenDto } from './dto/new-token.dto.js';
import { TokenDto } from './dto/token.dto.js';
import { lockUser } from './lock-user.js';
import { PersonalAccessToken } from './personal-access-token.entity.js';
import { hashOfToken, PersonalAccessTokens } from './personal-access-tokens.js';
import { newPersonalToken } from './personal-token-text.js';

const DAY_MS = 24 * 3_600_000;
const USUAL_LIFETIME_MS = 90 * DAY_MS;
const LONGEST_LIFETIME_MS = 366 * DAY_MS;
const MOST_TOKENS = 50;

/** Personal access tokens: making, listing and revoking them. */
@Injectable()
export class TokensService {
  constructor(
    @InjectRepository(PersonalAccessToken) private readonly tokens: Repository<PersonalAccessToken>,
    private readonly transactions: Transactions,
    private readonly recognised: PersonalAccessTokens,
    private readonly audit: AuditLog,
  ) {}

  async list(userId: string, list: ListQueryDto): Promise<Page<TokenDto>> {
    const query = this.tokens.createQueryBuilder('token').where('token.userId = :userId', { userId });
    return mapPage(await findPage(query, 'token', list), (token) => TokenDto.from(token));
  }

  async create(asker: Principal, { name, scopes, expiresAt }: CreateTokenDto): Promise<NewTokenDto> {
    if (scopes.includes('admin') && asker.role !== 'admin') {
      throw DomainError.invalid([{ path: '/scopes', message: 'may name "admin" for administrators only' }]);
    }
    const text = newPersonalToken();
    return this.transactions.run(async (manager) => {
      // Two requests at once must not both be the last that is allowed.
      const user = await lockUser(manager, asker.userId);
      if (user === null) throw DomainError.notFound('user');
      const now = await databaseNow(manager);
      const end = expiresAt ?? new Date(now.getTime() + USUAL_LIFETIME_MS);
      const lifetimeMs = end.getTime() - now.getTime();
      if (lifetimeMs <= 0 || lifetimeMs > LONGEST_LIFETIME_MS) {
        throw DomainError.invalid([{ path: '/expiresAt', message: 'must be in the future, and within 366 days' }]);
      }
      if ((await manager.countBy(PersonalAccessToken, { userId: user.id })) >= MOST_TOKENS) {
        throw new DomainError(
          'conflict',
          'too_many_tokens',
          `There are ${MOST_TOKENS} personal access tokens already: revoke one that is not needed any more.`,
        );
      }
      const token = {
        id: newId(),
        userId: user.id,
        name,
        tokenHash: hashOfToken(text),
        scopes: [...new Set(scopes)].join(' '),
        createdAt: now,
        expiresAt: end,
        lastUsedAt: null,
      };
      await manager.insert(PersonalAccessToken, token);
      await this.note(manager, asker.userId, 'token.created', token);
      return NewTokenDto.of(token, text);
    });
  }

  /** @throws DomainError `not_found` for a token of somebody else as for none */
  async revoke(asker: Principal, userId: string, id: string): Promise<void> {
    await this.transactions.run(async (manager) => {
      const token = await manager.findOneBy(PersonalAccessToken, { id, userId });
      if (token === null) throw DomainError.notFound('token');
      await manager.delete(PersonalAccessToken, { id });
      await this.note(manager, asker.userId, 'token.revoked', token);
    });
    this.recognised.forgetAll();
  }

  private note(
    manager: Parameters<AuditLog['record']>[0],
    actorId: string,
    action: string,
    { id, userId, name, scopes }: Pick<PersonalAccessToken, 'id' | 'userId' | 'name' | 'scopes'>,
  ): Promise<void> {
    const detail = { userId, name, scopes };
    return this.audit.record(manager, { actorId, action, targetType: 'token', targetId: id, courseId: null, detail });
  }
}
