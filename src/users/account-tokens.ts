import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThan } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { AccountToken, type AccountTokenKind } from './account-token.entity.js';

/** SHA-256 is enough: what is hashed has 256 random bits. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The same for a token that never was, one that has ended and one that was used. */
export function invalidToken(): DomainError {
  return DomainError.invalid(
    [{ path: '/token', message: 'is not valid, or not any more: ask for a new mail' }],
    'token_invalid',
  );
}

/** Tokens that are mailed to people: single-use, short-lived, kept as hashes. */
@Injectable()
export class AccountTokens {
  constructor(private readonly transactions: Transactions) {}

  /** @returns the token itself, which is not kept. Earlier ones go on: mails do not arrive in order. */
  async issue(
    manager: EntityManager,
    { lifetimeMs, ...about }: Pick<AccountToken, 'userId' | 'kind' | 'email'> & { readonly lifetimeMs: number },
  ): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const now = await databaseNow(manager);
    await manager.insert(AccountToken, {
      id: newId(),
      ...about,
      tokenHash: hashOf(token),
      createdAt: now,
      expiresAt: new Date(now.getTime() + lifetimeMs),
    });
    return token;
  }

  /** What the token is for; null where it is of no use. Nothing is spent. */
  async find(manager: EntityManager, kind: AccountTokenKind, token: string): Promise<AccountToken | null> {
    const found = await manager.findOneBy(AccountToken, { tokenHash: hashOf(token), kind });
    return found !== null && found.expiresAt > (await databaseNow(manager)) ? found : null;
  }

  /** Spends a token, with all others of its kind: of two who come at once, one succeeds. @throws DomainError `invalid` */
  async spend(manager: EntityManager, { id, userId, kind }: AccountToken): Promise<void> {
    if ((await manager.delete(AccountToken, { id })).affected !== 1) throw invalidToken();
    await manager.delete(AccountToken, { userId, kind });
  }

  /** Takes back what was not used yet. */
  async revoke(manager: EntityManager, userId: string, kind: AccountTokenKind): Promise<void> {
    await manager.delete(AccountToken, { userId, kind });
  }

  /** Forgets what has ended. Called now and then. */
  async sweep(): Promise<void> {
    await this.transactions.run(async (manager) => {
      await manager.delete(AccountToken, { expiresAt: LessThan(await databaseNow(manager)) });
    });
  }
}
