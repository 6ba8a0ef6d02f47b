import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseNow } from '../../src/database/database-clock.js';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import { DomainError } from '../../src/errors/domain-error.js';
import { IdempotencyKey } from '../../src/http/idempotency-key.entity.js';
import { Idempotency, type IdempotentRequest, type StoredAnswer } from '../../src/http/idempotency.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { Outbox } from '../../src/queue/outbox.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { createTemporaryDatabase, testDatabaseKind, type TemporaryDatabase } from '../support/temporary-database.js';
import { waitFor } from '../support/wait-for.js';

let database: TemporaryDatabase;
let dataSource: DataSource;
let transactions: Transactions;
let idempotency: Idempotency;
const outbox = new Outbox();

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const environment = parseEnvironment({ DATABASE_URL: database.url });
  await bringSchemaUpToDate(environment);
  dataSource = createDataSource(environment, [IdempotencyKey, OutboxMessage], { guardWrites: true });
  await dataSource.initialize();
  transactions = new Transactions(dataSource);
  idempotency = new Idempotency(dataSource.getRepository(IdempotencyKey), transactions);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const newRequest = (): IdempotentRequest => ({
  userId: newId(),
  route: 'POST /api/v1/things',
  key: 'key',
  requestHash: 'hash',
});
const answer = (id: string): StoredAnswer => ({ status: 201, body: { id }, location: `/things/${id}` });

async function claimed(request: IdempotentRequest): Promise<string> {
  const claim = await idempotency.claim(request);
  if ('answer' in claim) throw new Error('It was answered already.');
  return claim.rowId;
}

/** Makes a thing (any row will do) and records the answer in one transaction, as services do. */
const make = (rowId: string, id: string): Promise<void> =>
  idempotency.within(rowId, () =>
    transactions.run(async (manager) => {
      await outbox.add(manager, id, await databaseNow(manager));
      await idempotency.complete(manager, answer(id));
    }),
  );
const isMade = (runId: string): Promise<boolean> => dataSource.manager.existsBy(OutboxMessage, { runId });

/** As if its process had been silent for longer than a request may take. */
const forgetLock = (id: string): Promise<unknown> =>
  transactions.run((manager) => manager.update(IdempotencyKey, { id }, { lockedUntil: new Date(0) }));

const codeOf = (error: unknown): unknown => (error instanceof DomainError ? error.code : error);

describe(`idempotency keys on ${testDatabaseKind()}`, () => {
  it('give the answer that was recorded with the thing', async () => {
    const request = newRequest();
    const id = newId();
    await make(await claimed(request), id);
    expect(await idempotency.claim(request)).toEqual({ answer: answer(id) });
  });

  it('are held by one of many that come at the same time', async () => {
    const request = newRequest();
    const claims = await Promise.allSettled(Array.from({ length: 12 }, () => idempotency.claim(request)));
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const claim of claims) {
      if (claim.status === 'rejected') expect(codeOf(claim.reason)).toBe('idempotency_in_progress');
    }
  });

  it('that were taken over let the former holder, who was not dead, make nothing', async () => {
    const request = newRequest();
    const [slow, repeated] = [newId(), newId()];
    const first = await claimed(request);
    await forgetLock(first);
    const second = await claimed(request);
    // Before the repetition has ended, and after.
    expect(codeOf(await make(first, slow).catch((error: unknown) => error))).toBe('idempotency_in_progress');
    await make(second, repeated);
    expect(codeOf(await make(first, slow).catch((error: unknown) => error))).toBe('idempotency_in_progress');
    expect([await isMade(slow), await isMade(repeated)]).toEqual([false, true]);
    expect(await idempotency.claim(request)).toEqual({ answer: answer(repeated) });
  });

  it('of a process that died are free for the repetition within seconds', async () => {
    const request = newRequest();
    // Whoever renewed the lock is no more.
    const dead = await claimed(request);
    expect(codeOf(await idempotency.claim(request).catch((error: unknown) => error))).toBe('idempotency_in_progress');
    const id = newId();
    await make(
      await waitFor(() => claimed(request), { until: 'the key is free again', timeoutMs: 20_000, pollEveryMs: 200 }),
      id,
    );
    expect(codeOf(await make(dead, newId()).catch((error: unknown) => error))).toBe('idempotency_in_progress');
    expect(await idempotency.claim(request)).toEqual({ answer: answer(id) });
  });

  it('stay locked for as long as the first request takes', async () => {
    const request = newRequest();
    const id = newId();
    const rowId = await claimed(request);
    const refusals = new Set<unknown>();
    await idempotency.within(rowId, async () => {
      // Longer than a lock that nobody renews.
      const until = performance.now() + 9_000;
      while (performance.now() < until) {
        refusals.add(codeOf(await idempotency.claim(request).catch((error: unknown) => error)));
        await pause(300);
      }
      await transactions.run(async (manager) => {
        await outbox.add(manager, id, await databaseNow(manager));
        await idempotency.complete(manager, answer(id));
      });
    });
    expect([...refusals]).toEqual(['idempotency_in_progress']);
    expect(await isMade(id)).toBe(true);
    expect(await idempotency.claim(request)).toEqual({ answer: answer(id) });
  });

  it('that were taken over are not freed by the former holder', async () => {
    const request = newRequest();
    const first = await claimed(request);
    await forgetLock(first);
    await claimed(request);
    await idempotency.release(first);
    expect(codeOf(await idempotency.claim(request).catch((error: unknown) => error))).toBe('idempotency_in_progress');
  });

  it('keep their answer when the request fails after it was recorded', async () => {
    const request = newRequest();
    const id = newId();
    const rowId = await claimed(request);
    await make(rowId, id);
    await idempotency.release(rowId);
    expect(await idempotency.claim(request)).toEqual({ answer: answer(id) });
  });

  it('are free again after a refusal', async () => {
    const request = newRequest();
    await idempotency.release(await claimed(request));
    expect(await claimed({ ...request, requestHash: 'corrected' })).toEqual(expect.any(String));
  });

  it('that are old are swept, however many there are', async () => {
    const kept = newRequest();
    await claimed(kept);
    await transactions.run(async (manager) => {
      for (let start = 0; start < 2_300; start += 100) {
        const rows = Array.from({ length: 100 }, (_, index) => ({
          ...newRequest(),
          id: newId(),
          key: `old ${start + index}`,
          lockedUntil: null,
          status: 201,
          body: null,
          location: null,
          createdAt: new Date(0),
          expiresAt: new Date(1_000),
        }));
        await manager.insert(IdempotencyKey, rows);
      }
    });
    await idempotency.sweep();
    expect(await dataSource.manager.countBy(IdempotencyKey, { expiresAt: new Date(1_000) })).toBe(0);
    expect(await dataSource.manager.countBy(IdempotencyKey, { userId: kept.userId })).toBe(1);
  });
});
