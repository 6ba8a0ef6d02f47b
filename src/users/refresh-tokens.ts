import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull } from 'typeorm';
import { SigningKeys } from '../auth/signing-keys.js';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import type { Client } from '../http/client.decorator.js';
import { lockUser } from './lock-user.js';
import { RefreshToken } from './refresh-token.entity.js';
import type { User } from './user.entity.js';

const LIFETIME_MS = 30 * 24 * 3_600_000;
/** Two tabs that refresh together must not end each other's session: within this both get the same successor. */
const GRACE_MS = 10_000;

/** What came of a refresh token that was handed in. */
export type Rotation =
  | { readonly kind: 'rotated'; readonly user: User; readonly successor: string; readonly sessionId: string }
  /** Not ours, expired, signed out, or of somebody who may not act any more. */
  | { readonly kind: 'refused' }
  /** Spent long ago: it, or its successor, is in the wrong hands. Its family has just been revoked. */
  | { readonly kind: 'reused' };

interface NewRefreshToken extends Pick<RefreshToken, 'userId' | 'familyId' | 'startedAt'> {
  readonly token: string;
  readonly now: Date;
  readonly client: Client;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Refresh tokens: opaque, stored as hashes, exchanged for a successor at each use. All that one sign-in leads to is a
 * family, which ends as a whole.
 *
 * A successor follows from its predecessor and a key of the server, so that it can be given twice without being stored.
 * Every method wants the row of the user locked first (`lockUser`): then none can add to a family while another ends it.
 */
@Injectable()
export class RefreshTokens {
  constructor(private readonly keys: SigningKeys) {}

  /** Begins a family. @returns the token itself, which is not kept, and the family's id, which names the session */
  async issue(
    manager: EntityManager,
    userId: string,
    client: Client,
  ): Promise<{ readonly token: string; readonly sessionId: string }> {
    const token = randomBytes(32).toString('base64url');
    const sessionId = newId();
    const now = await databaseNow(manager);
    await this.insert(manager, { token, userId, familyId: sessionId, now, startedAt: now, client });
    return { token, sessionId };
  }

  /** Exchanges a token. Locks its user itself. The caller throws after the commit, so that a revocation stays. */
  async rotate(manager: EntityManager, token: string, client: Client): Promise<Rotation> {
    const found = await manager.findOneBy(RefreshToken, { tokenHash: hashOf(token) });
    if (found === null) return { kind: 'refused' };
    const user = await lockUser(manager, found.userId);
    if (user === null || user.disabled) return { kind: 'refused' };
    const now = await databaseNow(manager);
    if (found.expiresAt <= now) return { kind: 'refused' };
    const spent = await manager.update(
      RefreshToken,
      { id: found.id, usedAt: IsNull(), revokedAt: IsNull() },
      { usedAt: now },
    );
    if (spent.affected === 1) {
      const [successor] = this.keys.derive(token);
      const { familyId, startedAt } = found;
      await this.insert(manager, { token: successor, userId: user.id, familyId, now, startedAt, client });
      return { kind: 'rotated', user, successor, sessionId: familyId };
    }
    return this.rotateAgain(manager, { token, id: found.id, user, now });
  }

  /** Ends the family that a token belongs to; an unknown token ends nothing. */
  async revokeFamilyOf(manager: EntityManager, token: string): Promise<void> {
    const found = await manager.findOneBy(RefreshToken, { tokenHash: hashOf(token) });
    if (found === null) return;
    await lockUser(manager, found.userId);
    await this.revokeFamily(manager, found);
  }

  /** Ends a family of the user. @returns false when there was nothing to end */
  async revokeFamily(
    manager: EntityManager,
    { userId, familyId }: Pick<RefreshToken, 'userId' | 'familyId'>,
  ): Promise<boolean> {
    const where = { userId, familyId, revokedAt: IsNull() };
    return ((await manager.update(RefreshToken, where, { revokedAt: await databaseNow(manager) })).affected ?? 0) > 0;
  }

  /** Signs a user out everywhere. */
  async revokeAllOf(manager: EntityManager, userId: string): Promise<void> {
    await manager.update(RefreshToken, { userId, revokedAt: IsNull() }, { revokedAt: await databaseNow(manager) });
  }

  private async rotateAgain(
    manager: EntityManager,
    { token, id, user, now }: { token: string; id: string; user: User; now: Date },
  ): Promise<Rotation> {
    // Read again: it may have been spent while we waited for the lock.
    const spent = await manager.findOneByOrFail(RefreshToken, { id });
    if (spent.revokedAt !== null || spent.usedAt === null) return { kind: 'refused' };
    if (now.getTime() - spent.usedAt.getTime() <= GRACE_MS) {
      const successor = await this.findSuccessor(manager, token);
      if (successor !== null) return { kind: 'rotated', user, successor, sessionId: spent.familyId };
    }
    await this.revokeFamily(manager, spent);
    return { kind: 'reused' };
  }

  /** The successor that was given out. It may have been made with an older key, when keys were rotated in between. */
  private async findSuccessor(manager: EntityManager, token: string): Promise<string | null> {
    const candidates = this.keys.derive(token);
    const rows = await manager.findBy(RefreshToken, { tokenHash: In(candidates.map(hashOf)) });
    return candidates.find((candidate) => rows.some((row) => row.tokenHash === hashOf(candidate))) ?? null;
  }

  private async insert(
    manager: EntityManager,
    { token, userId, familyId, now, startedAt, client }: NewRefreshToken,
  ): Promise<void> {
    await manager.insert(RefreshToken, {
      id: newId(),
      familyId,
      userId,
      tokenHash: hashOf(token),
      createdAt: now,
      expiresAt: new Date(now.getTime() + LIFETIME_MS),
      startedAt,
      ...client,
      usedAt: null,
      revokedAt: null,
    });
  }
}
