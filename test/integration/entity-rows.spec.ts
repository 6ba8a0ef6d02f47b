import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { columnsOf, deleteRows, insertRows, readRow, updateRows } from '../../src/database/entity-rows.js';
import { newId } from '../../src/database/new-id.js';
import { select } from '../../src/database/portable-sql.js';
import { Transactions } from '../../src/database/transactions.js';
import { GradingRun } from '../../src/submissions/grading-run.entity.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { TestResult } from '../../src/submissions/test-result.entity.js';
import { GRADING_ENTITIES, GradingRows } from '../support/grading-rows.js';
import { createTemporaryDatabase, testDatabaseKind, type TemporaryDatabase } from '../support/temporary-database.js';

let database: TemporaryDatabase;
let dataSource: DataSource;
let transactions: Transactions;
let rows: GradingRows;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const settings = {
    databaseUrl: database.url,
    databaseDialect: dialectOf(database.url) ?? 'sqlite',
    databasePoolSize: 5,
  } as const;
  dataSource = createDataSource(settings, GRADING_ENTITIES);
  await dataSource.initialize();
  await dataSource.runMigrations();
  transactions = new Transactions(dataSource);
  rows = new GradingRows(dataSource);
});
afterAll(async () => {
  await transactions?.onApplicationShutdown();
  await dataSource?.destroy();
  await database?.drop();
});

/** One of each type of column, with what text may hold at worst. */
function testResult(runId: string, overrides: Partial<TestResult> = {}) {
  return {
    id: newId(),
    runId,
    position: 0,
    name: `"quoted", 'twice', \`thrice\` and ?`,
    kind: 'program',
    visibility: 'after-due',
    verdict: 'wrong_answer',
    points: 1.125,
    maxPoints: 2,
    timeMs: 12,
    wallMs: null,
    memoryKiB: 2_000_000_000,
    exitCode: 0,
    signal: null,
    message: '$1 :name \\ % _ -- 😀',
    staffMessage: null,
    stdout: '',
    stderr: null,
    expected: 'ü\r\n',
    cases: null,
    feedback: { now: ['score'], afterDue: ['name', 'score'], hint: 'ü 😀' },
    ...overrides,
  } satisfies Partial<TestResult>;
}

const insertResults = (...results: ReturnType<typeof testResult>[]) =>
  transactions.run((manager) => insertRows(manager, TestResult, results));

describe(`rows of entities on ${testDatabaseKind()}`, () => {
  it('are inserted as TypeORM reads them', async () => {
    const { runId } = await rows.queueSubmission();
    const [first, second] = [testResult(runId), testResult(runId, { position: 1, message: null, exitCode: null })];
    await insertResults(first, second);
    const found = await dataSource.getRepository(TestResult).find({ where: { runId }, order: { position: 'ASC' } });
    expect(found).toEqual([first, second]);
  });

  it('are read as TypeORM reads them, dates and booleans too, and those that an outer join did not find are null', async () => {
    const { runId, submissionId } = await rows.queueSubmission({ late: true, startedAt: new Date(1_234_567_890_123) });
    const { manager } = dataSource;
    const [raw, ...others] = await select(
      manager,
      `SELECT ${columnsOf(manager, Submission, 'submission')}, ${columnsOf(manager, GradingRun, 'run')},
        ${columnsOf(manager, TestResult, 'result')}
      FROM "submissions" "submission"
      JOIN "grading_runs" "run" ON "run"."id" = "submission"."currentRunId"
      LEFT JOIN "test_results" "result" ON "result"."runId" = "run"."id"
      WHERE "submission"."id" = ? AND "run"."number" = ?`,
      [submissionId, 1],
    );
    expect(others).toEqual([]);
    expect(raw).toBeDefined();
    const read = raw ?? {};
    expect(readRow(manager, Submission, 'submission', read)).toEqual(
      await manager.findOneByOrFail(Submission, { id: submissionId }),
    );
    expect(readRow(manager, GradingRun, 'run', read)).toEqual(await manager.findOneByOrFail(GradingRun, { id: runId }));
    expect(readRow(manager, TestResult, 'result', read)).toBeNull();
  });

  it('are changed where all conditions hold, and counted also where nothing changes', async () => {
    const { runId, submissionId } = await rows.queueSubmission();
    const other = await rows.queueSubmission();
    const startedAt = new Date('2026-02-03T04:05:06.789Z');
    const update = (where: Partial<Submission>) =>
      transactions.run((manager) =>
        updateRows(manager, Submission, where, { status: 'running', startedAt, verdict: undefined }, ['version']),
      );
    expect(await update({ id: submissionId, status: 'graded' })).toBe(0);
    expect(await update({ id: submissionId, currentRunId: runId })).toBe(1);
    const found = await dataSource.getRepository(Submission).findOneByOrFail({ id: submissionId });
    expect(found).toMatchObject({ status: 'running', startedAt, version: 2, verdict: null });
    const untouched = await dataSource.getRepository(Submission).findOneByOrFail({ id: other.submissionId });
    expect(untouched).toMatchObject({ status: 'queued', version: 1 });

    const keep = () =>
      transactions.run((manager) => updateRows(manager, GradingRun, { id: runId }, { status: 'queued' }));
    expect([await keep(), await keep()]).toEqual([1, 1]);
  });

  it('are deleted where all conditions hold', async () => {
    const { runId } = await rows.queueSubmission();
    await insertResults(testResult(runId), testResult(runId, { position: 1 }));
    const remove = () => transactions.run((manager) => deleteRows(manager, TestResult, { runId, position: 1 }));
    expect([await remove(), await remove()]).toEqual([1, 0]);
    expect(await dataSource.getRepository(TestResult).countBy({ runId })).toBe(1);
  });

  it('are matched by no condition that is null or left out, and never without one', async () => {
    const { submissionId } = await rows.queueSubmission({ startedAt: null });
    const change = (where: Partial<Submission>) =>
      transactions.run((manager) => updateRows(manager, Submission, where, { status: 'failed' }));
    expect(await change({ id: submissionId, startedAt: null })).toBe(0);
    expect(await change({ id: undefined })).toBe(0);
    await expect(change({})).rejects.toThrow('it would change all rows');
    await expect(transactions.run((manager) => deleteRows(manager, Submission, {}))).rejects.toThrow('all rows');
  });

  it('are written in transactions only', async () => {
    const { runId } = await rows.queueSubmission();
    await expect(insertRows(dataSource.manager, TestResult, [testResult(runId)])).rejects.toThrow('Transactions.run');
    expect(await dataSource.getRepository(TestResult).countBy({ runId })).toBe(0);
  });
});
