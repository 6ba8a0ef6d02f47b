import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { AuditHead } from '../../src/audit/audit-head.entity.js';
import { parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { Transactions } from '../../src/database/transactions.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { GradingRun } from '../../src/submissions/grading-run.entity.js';
import { Rejudge } from '../../src/submissions/rejudge.entity.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { GRADING_ENTITIES, GradingRows } from '../support/grading-rows.js';
import { freePort, ProgramProcess } from '../support/program-process.js';
import { RejudgeRows } from '../support/rejudge-rows.js';
import { createTemporaryDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { e2eBackend } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

const email = 'first-admin@example.org';
const password = 'correct horse battery 1';
/** Of a dry run: enough for several transactions, and for a moment in the middle that a test can meet. */
const TOTAL = 3_000;
/** Where nothing can be held in the middle, the kill may come too late; then another batch is tried. */
const MOST_TRIES = 5;

interface ShownRejudge {
  readonly status: string;
  readonly applied: number;
  readonly overtaken: number;
}

let database: TemporaryDatabase;
let folder: TemporaryFolder;
let dataSource: DataSource;
let rows: RejudgeRows;
let variables: Record<string, string>;
let program: ProgramProcess | undefined;
let log = '';
let token = '';

beforeAll(async () => {
  [database, folder] = [await createTemporaryDatabase(), await createTemporaryFolder()];
  variables = {
    PORT: String(await freePort()),
    DATABASE_URL: database.url,
    STORAGE_URL: `file:${folder.path}/files`,
    JWT_SECRET: randomBytes(48).toString('base64'),
    ADMIN_EMAIL: email,
    ADMIN_PASSWORD: password,
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'warn',
    ...(e2eBackend() === 'sqlite'
      ? {}
      : {
          ASSAY_ROLE: 'api',
          REDIS_URL: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379',
          REDIS_PREFIX: `{assay-test-${randomBytes(6).toString('hex')}}`,
        }),
  };
  const environment = parseEnvironment(variables);
  await bringSchemaUpToDate(environment);
  dataSource = createDataSource(environment, [...GRADING_ENTITIES, Rejudge, AuditEntry, AuditHead]);
  await dataSource.initialize();
  const { assignmentId, submissionId } = await new GradingRows(dataSource).queueSubmission({ status: 'cancelled' });
  const { studentId } = await dataSource.manager.findOneByOrFail(Submission, { id: submissionId });
  // There are no files of it, and nothing to be graded here.
  await new Transactions(dataSource).run((manager) => manager.deleteAll(OutboxMessage));
  rows = new RejudgeRows(dataSource, assignmentId, studentId);
});

afterEach(async () => {
  await kill();
});

afterAll(async () => {
  await dataSource?.destroy();
  await Promise.all([database?.drop(), folder?.remove(), removeKeys()]);
});

async function removeKeys(): Promise<void> {
  const { REDIS_URL: url, REDIS_PREFIX: prefix } = variables;
  if (url === undefined || prefix === undefined) return;
  const redis = new Redis(url);
  const keys = await redis.keys(`${prefix.replaceAll(/[{}]/g, '?')}*`);
  if (keys.length > 0) await redis.unlink(keys);
  redis.disconnect();
}

async function kill(): Promise<void> {
  await program?.kill();
  log += program?.log ?? '';
  program = undefined;
}

async function start(): Promise<void> {
  program = ProgramProcess.start('main', variables);
  await waitFor(async () => (await fetch(`http://127.0.0.1:${variables['PORT']}/health/live`)).ok, {
    until: 'the API is live',
    timeoutMs: 60_000,
  });
  if (token === '') {
    const response = await call('POST', '/auth/login', { email, password });
    ({ accessToken: token } = (await response.json()) as { accessToken: string });
  }
}

function call(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${variables['PORT']}/api/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function shown(rejudgeId: string): Promise<ShownRejudge> {
  const response = await call('GET', `/rejudges/${rejudgeId}`);
  expect(response.status).toBe(200);
  return (await response.json()) as ShownRejudge;
}

const appliedCount = (rejudgeId: string): Promise<number> =>
  dataSource.manager.countBy(GradingRun, { rejudgeId, trial: 'applied' });

/** Holds a submission that is applied late, where the engine has locks on rows; resolves to what lets it go. */
async function holdOne(submissions: readonly Submission[]): Promise<() => Promise<void>> {
  const held = submissions[TOTAL / 2];
  if (e2eBackend() === 'sqlite' || held === undefined) return async () => {};
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction('READ COMMITTED');
  await runner.manager.findOneOrFail(Submission, { where: { id: held.id }, lock: { mode: 'pessimistic_write' } });
  return async () => {
    await runner.rollbackTransaction();
    await runner.release();
  };
}

/** A dry run whose application was killed in the middle; the process is not there any more. */
async function killedInTheMiddle(): Promise<{ rejudgeId: string; submissions: readonly Submission[] }> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    const submissions = await rows.addEnded(TOTAL);
    const { id: rejudgeId } = await rows.addReady(submissions, { verdict: 'accepted', score: 4 });
    await start();
    const letGo = await holdOne(submissions);
    const answer = call('POST', `/rejudges/${rejudgeId}/apply`).catch(() => null);
    await waitFor(async () => (await appliedCount(rejudgeId)) > 0, {
      pollEveryMs: 5,
      timeoutMs: 60_000,
      until: 'some are applied',
    });
    await kill();
    await letGo();
    await answer;
    if ((await appliedCount(rejudgeId)) < TOTAL) return { rejudgeId, submissions };
  }
  throw new Error('The process was always killed too late.');
}

/** That each submission shows one result or the other, whole; says how many show the new one. */
async function countWhole(rejudgeId: string, submissions: readonly Submission[]): Promise<number> {
  const runs = await dataSource.manager.findBy(GradingRun, { rejudgeId });
  const runOf = new Map(runs.map((run) => [run.submissionId, run]));
  const now = new Map((await dataSource.manager.find(Submission)).map((submission) => [submission.id, submission]));
  let applied = 0;
  for (const before of submissions) {
    const [run, after] = [runOf.get(before.id), now.get(before.id)];
    const isNew = run?.trial === 'applied';
    if (isNew) applied += 1;
    const { currentRunId, score, verdict, version } = after ?? before;
    expect([currentRunId, score, verdict, version]).toEqual(
      isNew ? [run?.id, 4, 'accepted', 2] : [before.currentRunId, 2, 'wrong_answer', 1],
    );
  }
  return applied;
}

async function expectAllApplied(rejudgeId: string, submissions: readonly Submission[]): Promise<void> {
  expect(await countWhole(rejudgeId, submissions)).toBe(TOTAL);
  expect(await shown(rejudgeId)).toMatchObject({ status: 'applied', applied: TOTAL, overtaken: 0 });
  const entries = await dataSource.manager.findBy(AuditEntry, { targetId: rejudgeId });
  expect(entries.map(({ action }) => action)).toEqual(['rejudge.applied']);
}

function tellLog(): void {
  onTestFailed(() => {
    process.stderr.write(`The log of the killed:\n${log}\n`);
  });
}

describe('a dry run whose application is killed in the middle', () => {
  it('is finished by the same call made again', { timeout: 180_000 }, async () => {
    tellLog();
    const { rejudgeId, submissions } = await killedInTheMiddle();
    const applied = await countWhole(rejudgeId, submissions);
    expect(applied).toBeGreaterThan(0);
    expect(applied).toBeLessThan(TOTAL);
    await start();
    expect((await call('POST', `/rejudges/${rejudgeId}/discard`)).status).toBe(409);
    expect((await call('POST', `/rejudges/${rejudgeId}/apply`)).status).toBe(202);
    await waitFor(async () => (await shown(rejudgeId)).status === 'applied', { timeoutMs: 60_000 });
    await expectAllApplied(rejudgeId, submissions);
  });

  it('is finished by another process without a word', { timeout: 180_000 }, async () => {
    tellLog();
    const { rejudgeId, submissions } = await killedInTheMiddle();
    await start();
    await waitFor(async () => (await shown(rejudgeId)).status === 'applied', {
      until: 'the batch that was left behind is taken up',
      timeoutMs: 90_000,
      pollEveryMs: 250,
    });
    await expectAllApplied(rejudgeId, submissions);
  });
});
