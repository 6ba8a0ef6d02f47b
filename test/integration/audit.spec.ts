import { setImmediate as endOfLoopTurn } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { AuditHead, HEAD_ID } from '../../src/audit/audit-head.entity.js';
import { type AuditedAction, AuditLog } from '../../src/audit/audit-log.js';
import { FIRST_HASH, hashOfEntry } from '../../src/audit/entry-hash.js';
import { runFrom } from '../../src/audit/origin.js';
import { verifyChain } from '../../src/audit/verify-chain.js';
import { parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { insertRows, updateRows } from '../../src/database/entity-rows.js';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { createTemporaryDatabase, testDatabaseKind, type TemporaryDatabase } from '../support/temporary-database.js';

const log = new AuditLog();
let database: TemporaryDatabase;
let dataSource: DataSource;
let transactions: Transactions;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const environment = parseEnvironment({ DATABASE_URL: database.url });
  await bringSchemaUpToDate(environment);
  dataSource = createDataSource(environment, [AuditEntry, AuditHead]);
  await dataSource.initialize();
  transactions = new Transactions(dataSource);
});
afterAll(async () => {
  await transactions?.onApplicationShutdown();
  await dataSource?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await transactions.run(async (manager) => {
    await manager.createQueryBuilder().delete().from(AuditEntry).execute();
    await manager.update(AuditHead, { id: HEAD_ID }, { sequence: 0, hash: FIRST_HASH });
  });
});

const action = (overrides: Partial<AuditedAction> = {}): AuditedAction => ({
  actorId: newId(),
  action: 'score.overridden',
  targetType: 'submission',
  targetId: newId(),
  courseId: null,
  detail: { score: 1.125, before: null, name: `ü "quoted" 'twice' 😀`, nested: [{ z: 1, a: [true] }] },
  ...overrides,
});

const record = (overrides: Partial<AuditedAction> = {}): Promise<void> =>
  transactions.run((manager) => log.record(manager, action(overrides)));
const verify = (expectedHash?: string) =>
  verifyChain(dataSource.manager, expectedHash === undefined ? {} : { expectedHash });
const entries = (): Promise<AuditEntry[]> => dataSource.manager.find(AuditEntry, { order: { sequence: 'ASC' } });

/** What somebody with the database's password does. */
const tamper = (sequence: number, change: Partial<AuditEntry>): Promise<unknown> =>
  transactions.run((manager) => updateRows(manager, AuditEntry, { sequence }, change));

async function recordSome(count = 5): Promise<AuditEntry[]> {
  for (let index = 0; index < count; index += 1) await record();
  return entries();
}

describe(`the audit log on ${testDatabaseKind()}`, () => {
  it('is empty and whole at first', async () => {
    expect(await verify()).toEqual({ entries: 0, older: 0, head: { sequence: 0, hash: FIRST_HASH }, faults: [] });
  });

  it('is one chain without gaps, also of many who write at once and of some who take it back', async () => {
    const attempts = Array.from({ length: 24 }, (_, index) =>
      transactions.run(async (manager) => {
        await log.record(manager, action());
        if (index % 4 === 0) throw new Error('taken back');
      }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
    const written = await entries();
    expect(written.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    const last = written.at(-1)?.hash;
    expect(await verify()).toEqual({ entries: 18, older: 0, head: { sequence: 18, hash: last }, faults: [] });
  });

  it('is found whole also while others write', async () => {
    const writing = Array.from({ length: 30 }, () => record());
    for (let look = 0; look < 10; look += 1) {
      expect((await verify()).faults).toEqual([]);
      await endOfLoopTurn();
    }
    await Promise.all(writing);
    expect(await verify()).toMatchObject({ entries: 30, faults: [] });
  });

  it('tells from where something was done, and nothing where a process did it by itself', async () => {
    await runFrom('2001:db8::7', () => record());
    await record();
    expect((await entries()).map(({ address }) => address)).toEqual(['2001:db8::7', null]);
  });

  it('refuses a detail that copies what it should name, and leaves nothing of it', async () => {
    await expect(record({ detail: { text: 'x'.repeat(4_000) } })).rejects.toThrow('longer than 4000 characters');
    expect(await entries()).toEqual([]);
  });

  it.each<[string, Partial<AuditEntry>]>([
    ['who did it', { actorId: newId() }],
    ['what was done', { action: 'score.override_withdrawn' }],
    ['when', { at: new Date(0) }],
    ['from where', { address: '198.51.100.1' }],
    ['the detail', { detail: { score: 100 } }],
  ])('shows that %s was changed', async (_, change) => {
    await recordSome();
    await tamper(3, change);
    const { faults } = await verify();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('entry 3 (');
  });

  it('shows a changed entry whose hash was made to fit, at the one behind it', async () => {
    const [, second, third] = await recordSome();
    if (second === undefined || third === undefined) throw new Error('Nothing was written.');
    const changed = Object.assign(new AuditEntry(), third, { actorId: newId() });
    await tamper(3, { actorId: changed.actorId, hash: hashOfEntry(second.hash ?? '', changed) });
    expect((await verify()).faults).toEqual([expect.stringContaining('entry 4 (')]);
  });

  it('shows entries that are missing in the middle and at the end', async () => {
    await recordSome(6);
    await transactions.run((manager) => manager.delete(AuditEntry, { sequence: 2 }));
    await transactions.run((manager) => manager.delete(AuditEntry, { sequence: 4 }));
    expect((await verify()).faults).toEqual(['entry 2 is missing', 'entry 4 is missing']);
    await transactions.run((manager) => manager.delete(AuditEntry, { sequence: 5 }));
    await transactions.run((manager) => manager.delete(AuditEntry, { sequence: 6 }));
    expect((await verify()).faults).toEqual(['entry 2 is missing', 'entries 4 to 6 are missing at the end']);
  });

  it('shows entries that changed places', async () => {
    const [, second, third] = await recordSome();
    await tamper(2, { sequence: 100 });
    await tamper(3, { sequence: 2, hash: third?.hash ?? null });
    await tamper(100, { sequence: 3, hash: second?.hash ?? null });
    expect((await verify()).faults.length).toBeGreaterThanOrEqual(2);
  });

  it('shows entries that were added beside the chain or behind its end, and counts those from before it', async () => {
    const old = { ...action(), id: '0190f0c2-0000-7000-8000-000000000001', at: new Date(0), address: null };
    await transactions.run((manager) => insertRows(manager, AuditEntry, [{ ...old, sequence: null, hash: null }]));
    await recordSome(2);
    expect(await verify()).toMatchObject({ older: 1, faults: [] });
    await transactions.run((manager) =>
      insertRows(manager, AuditEntry, [{ ...old, id: newId(), sequence: null, hash: null }]),
    );
    const forged = { ...old, id: newId(), sequence: 9, hash: 'f'.repeat(64) };
    await transactions.run((manager) => insertRows(manager, AuditEntry, [forged]));
    expect((await verify()).faults).toEqual([
      '1 entries that are newer than the chain are not part of it',
      '1 entries stand behind the end of the chain',
    ]);
  });

  it('shows a chain that was written anew, by a head that was kept', async () => {
    const written = await recordSome(3);
    const kept = written[1]?.hash ?? '';
    await record();
    expect((await verify(kept)).faults).toEqual([]);
    let hash = FIRST_HASH;
    for (const entry of await entries()) {
      const changed = Object.assign(new AuditEntry(), entry, { actorId: newId() });
      hash = hashOfEntry(hash, changed);
      await tamper(entry.sequence ?? 0, { actorId: changed.actorId, hash });
    }
    await transactions.run((manager) => manager.update(AuditHead, { id: HEAD_ID }, { hash }));
    expect((await verify()).faults).toEqual([]);
    expect((await verify(kept)).faults).toEqual([expect.stringContaining('written anew')]);
  });
});
