import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, IsNull, LessThan, type Repository } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { OpenRequests } from './open-requests.js';

const KEPT_MS = 24 * 3_600_000;
/**
 * After this a request whose process died no longer stands in the way of its repetition. A process that lives renews the
 * locks of its requests (`OpenRequests`); one that was frozen for longer, and comes back, finds its key in other hands and
 * makes nothing.
 */
const LOCK_MS = 6_000;
/** Rows deleted in one statement. */
const SWEEP_BATCH = 1_000;

/** An answer that can be given again. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: object | null;
  readonly location: string | null;
}

export interface IdempotentRequest {
  readonly userId: string;
  readonly route: string;
  readonly key: string;
  readonly requestHash: string;
}

interface OpenRequest {
  readonly rowId: string;
  completed: boolean;
}

const current = new AsyncLocalStorage<OpenRequest>();

/**
 * Remembers what was answered to a creating request, per user, route and `Idempotency-Key`, for 24 hours, so that a client
 * which heard no answer may ask again and nothing is made twice.
 *
 * The service that creates calls `complete` inside its own transaction: answer and resource are committed together, so a
 * process that dies in between leaves either both or none.
 */
@Injectable()
export class Idempotency {
  private readonly open = new OpenRequests((rowIds) => this.renew(rowIds));

  constructor(
    @InjectRepository(IdempotencyKey) private readonly keys: Repository<IdempotencyKey>,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Claims the key, or finds the answer that was given to it.
   *
   * @throws DomainError `invalid` (`idempotency_key_reused`) when the key came with another body, `conflict`
   *   (`idempotency_in_progress`) while the first request still runs.
   */
  async claim(request: IdempotentRequest): Promise<{ readonly rowId: string } | { readonly answer: StoredAnswer }> {
    try {
      const rowId = await this.insert(request);
      return { rowId };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
    return this.transactions.run(async (manager) => {
      const { userId, route, key } = request;
      const found = await manager.findOne(IdempotencyKey, { where: { userId, route, key }, ...rowLock(manager) });
      // Swept or released between the two statements: the caller may simply try again.
      if (found === null) throw this.inProgress();
      const now = await databaseNow(manager);
      if (found.expiresAt <= now) {
        return { rowId: await this.takeOver(manager, found, request, now) };
      }
      if (found.requestHash !== request.requestHash) {
        throw new DomainError(
          'invalid',
          'idempotency_key_reused',
          'This Idempotency-Key was already sent with another body. Use a new key for a new request.',
          { errors: [{ path: 'Idempotency-Key', message: 'was already used with another body' }] },
        );
      }
      if (found.status !== null) {
        return { answer: { status: found.status, body: found.body, location: found.location } };
      }
      if (found.lockedUntil !== null && found.lockedUntil > now) throw this.inProgress();
      return { rowId: await this.takeOver(manager, found, request, now) };
    });
  }

  /**
   * Runs a handler so that `complete`, wherever it is called below, knows its request, and keeps the key locked until it has
   * ended.
   */
  async within<T>(rowId: string, work: () => Promise<T>): Promise<T> {
    const end = this.open.add(rowId);
    try {
      return await current.run({ rowId, completed: false }, work);
    } finally {
      end();
    }
  }

  /**
   * Records the answer in the transaction that creates the resource. Does nothing for a request without a key.
   *
   * @param manager the manager of that transaction
   * @throws DomainError `conflict` (`idempotency_in_progress`) when this request was thought dead and its repetition has taken
   *   the key over: then this one must make nothing.
   */
  async complete(manager: EntityManager, answer: StoredAnswer): Promise<void> {
    const open = current.getStore();
    if (open === undefined) return;
    const { affected } = await manager.update(
      IdempotencyKey,
      { id: open.rowId, status: IsNull() },
      { ...answer, lockedUntil: null },
    );
    if (affected !== 1) throw this.inProgress();
    open.completed = true;
  }

  /** Records the answer of a handler that did not do so itself, because it created nothing in SQL. */
  async completeAfterwards(answer: StoredAnswer): Promise<void> {
    if (current.getStore()?.completed === false) {
      await this.transactions.run((manager) => this.complete(manager, answer));
    }
  }

  /**
   * Frees the key of a request that was refused: it made nothing, so it may be sent again, corrected. An answer that was
   * recorded stays: what failed after it was made is made all the same.
   */
  async release(rowId: string): Promise<void> {
    await this.transactions.run((manager) => manager.delete(IdempotencyKey, { id: rowId, status: IsNull() }));
  }

  /** Deletes keys older than 24 hours. Called by a timer. */
  async sweep(): Promise<void> {
    const now = await databaseNow(this.keys.manager);
    for (;;) {
      const old = await this.keys.find({
        select: { id: true },
        where: { expiresAt: LessThan(now) },
        take: SWEEP_BATCH,
      });
      if (old.length > 0) {
        const ids = old.map(({ id }) => id);
        await this.transactions.run((manager) => manager.delete(IdempotencyKey, ids));
      }
      if (old.length < SWEEP_BATCH) return;
    }
  }

  /** Of requests that are over, or were taken over, nothing is left to renew. */
  private async renew(rowIds: readonly string[]): Promise<void> {
    await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const lockedUntil = new Date(now.getTime() + LOCK_MS);
      await manager.update(IdempotencyKey, { id: In([...rowIds]), status: IsNull() }, { lockedUntil });
    });
  }

  private async insert(request: IdempotentRequest): Promise<string> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const id = newId();
      await manager.insert(IdempotencyKey, {
        id,
        ...request,
        lockedUntil: new Date(now.getTime() + LOCK_MS),
        status: null,
        body: null,
        location: null,
        createdAt: now,
        expiresAt: new Date(now.getTime() + KEPT_MS),
      });
      return id;
    });
  }

  /** Under a new id, so that whoever held the key before can neither answer nor free it any more. */
  private async takeOver(
    manager: EntityManager,
    found: IdempotencyKey,
    request: IdempotentRequest,
    now: Date,
  ): Promise<string> {
    const id = newId();
    await manager.update(
      IdempotencyKey,
      { id: found.id },
      {
        id,
        requestHash: request.requestHash,
        status: null,
        body: null,
        location: null,
        lockedUntil: new Date(now.getTime() + LOCK_MS),
        createdAt: now,
        expiresAt: new Date(now.getTime() + KEPT_MS),
      },
    );
    return id;
  }

  private inProgress(): DomainError {
    return new DomainError(
      'conflict',
      'idempotency_in_progress',
      'The first request with this Idempotency-Key is still running. Try again in a moment.',
      {
        retryAfterSeconds: 1,
      },
    );
  }
}
