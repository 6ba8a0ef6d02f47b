import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In, LessThan, MoreThan } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { Client } from '../http/client.decorator.js';
import { LoginAttemptRow } from './login-attempts.entity.js';
import { RefreshToken } from './refresh-token.entity.js';

/** People mistype; that many in a row cost nothing. */
const FREE_FAILURES = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** Failures that are older are forgotten. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
/** An address from which the owner signed in within this is the owner's. */
const KNOWN_FOR_MS = 30 * 24 * 3_600_000;
/** Attempts that come at the very same moment overtake each other; more often than this, they are a flood. */
const MOST_TRIES = 5;

/** How long to refuse further attempts after so many failures in a row, in milliseconds. */
export function pauseAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - FREE_FAILURES));
}

/**
 * Slows down whoever guesses a password: after five failures in a row for one account, each further one doubles the time during
 * which attempts are refused without looking at them, from one second to fifteen minutes. Counted by account, in the
 * database, so that a thousand addresses and several processes gain nothing; each attempt is counted before its password is
 * looked at, so that a thousand at once gain nothing either.
 *
 * The owner is not locked out: addresses from which the account was signed in to lately have a count of their own, which
 * strangers cannot raise. E-mail addresses without an account are treated alike, so that nothing tells them apart.
 */
@Injectable()
export class LoginAttempts {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Counts an attempt as failed until {@link succeeded} says otherwise.
   *
   * @param userId of the account; null where there is none
   * @returns what `succeeded` wants
   * @throws DomainError `limit_exceeded` (`too_many_attempts`) while attempts are refused
   */
  async begin(email: string, userId: string | null, { address }: Client): Promise<string> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const id = await this.tryOnce(email, userId, address).catch((error: unknown) => {
        // Somebody else made the row at the same moment.
        if (isUniqueViolation(error)) return null;
        throw error;
      });
      if (id !== null) return id;
    }
    throw refused(FIRST_PAUSE_MS);
  }

  /** The password was right: nothing is counted any more. */
  async succeeded(manager: EntityManager, id: string): Promise<void> {
    await manager.delete(LoginAttemptRow, { id });
  }

  /** The account has a new password, chosen by who can read its mails: what was tried before does not count. */
  async forget(manager: EntityManager, email: string, { address }: Client): Promise<void> {
    await manager.delete(LoginAttemptRow, { id: In([idOf(email, null), idOf(email, address)]) });
  }

  /** Forgets what is too old to matter. Called now and then. */
  async sweep(): Promise<void> {
    await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      await manager.delete(LoginAttemptRow, { lastAt: LessThan(new Date(now.getTime() - FORGOTTEN_AFTER_MS)) });
    });
  }

  /** Null when another attempt came in between. */
  private tryOnce(email: string, userId: string | null, address: string | null): Promise<string | null> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const isKnown = await this.isKnown(manager, userId, address, now);
      const id = idOf(email, isKnown ? address : null);
      const found = await manager.findOneBy(LoginAttemptRow, { id });
      if (found === null) {
        await manager.insert(LoginAttemptRow, { id, failures: 1, blockedUntil: null, lastAt: now });
        return id;
      }
      const leftMs = (found.blockedUntil?.getTime() ?? 0) - now.getTime();
      if (leftMs > 0) throw refused(leftMs);
      const isForgotten = now.getTime() - found.lastAt.getTime() > FORGOTTEN_AFTER_MS;
      const failures = isForgotten ? 1 : found.failures + 1;
      const pauseMs = pauseAfter(failures);
      const { affected } = await manager.update(
        LoginAttemptRow,
        { id, failures: found.failures },
        { failures, lastAt: now, blockedUntil: pauseMs === 0 ? null : new Date(now.getTime() + pauseMs) },
      );
      return affected === 1 ? id : null;
    });
  }

  /** Asked for accounts that do not exist as well: it takes as long. */
  private async isKnown(
    manager: EntityManager,
    userId: string | null,
    address: string | null,
    now: Date,
  ): Promise<boolean> {
    const createdAt = MoreThan(new Date(now.getTime() - KNOWN_FOR_MS));
    const isThere = await manager.existsBy(RefreshToken, { userId: userId ?? '', address: address ?? '', createdAt });
    return isThere && userId !== null && address !== null;
  }
}

/** @param address of the side that is counted by itself; null: all others */
function idOf(email: string, address: string | null): string {
  return createHash('sha256')
    .update(address === null ? email : `${email}\n${address}`)
    .digest('hex');
}

function refused(leftMs: number): DomainError {
  return new DomainError(
    'limit_exceeded',
    'too_many_attempts',
    'Too many wrong passwords for this account. Wait before the next try.',
    { retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1_000)) },
  );
}
