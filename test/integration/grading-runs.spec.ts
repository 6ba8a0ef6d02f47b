import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseNow } from '../../src/database/database-clock.js';
import { Transactions } from '../../src/database/transactions.js';
import { InProcessRunEvents } from '../../src/events/in-process-run-events.js';
import type { TestResult as TestOutcome } from '../../src/grading/test-result.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { Outbox } from '../../src/queue/outbox.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { GradingRun } from '../../src/submissions/grading-run.entity.js';
import type { ClaimedRun } from '../../src/submissions/claimed-run.js';
import { GradingRuns, type RunResult } from '../../src/submissions/grading-runs.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { TestResult } from '../../src/submissions/test-result.entity.js';
import { GRADING_ENTITIES, GradingRows, type QueuedRun } from '../support/grading-rows.js';
import { createTemporaryDatabase, type TemporaryDatabase } from '../support/temporary-database.js';

let database: TemporaryDatabase;
let dataSource: DataSource;
let rows: GradingRows;
let runs: GradingRuns;
let events: InProcessRunEvents;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const environment = parseEnvironment({ DATABASE_URL: database.url });
  await bringSchemaUpToDate(environment);
  dataSource = createDataSource(environment, GRADING_ENTITIES, { guardWrites: true });
  await dataSource.initialize();
  rows = new GradingRows(dataSource);
  events = new InProcessRunEvents();
  runs = new GradingRuns(environment, dataSource, new Transactions(dataSource), new Outbox(), events);
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const outcome = (name: string, points: number): TestOutcome => ({
  name,
  kind: 'program',
  visibility: 'visible',
  verdict: points > 0 ? 'accepted' : 'wrong_answer',
  points,
  maxPoints: 2,
  timeMs: 12,
  wallMs: 20,
  memoryKiB: 4_096,
  exitCode: 0,
  signal: null,
  message: null,
  stdout: '3\n',
  stderr: '',
  expected: '3',
  cases: [{ name: 'one » 1', verdict: 'accepted', points, maxPoints: 2, message: null }],
});

const RESULT: RunResult = {
  verdict: 'wrong_answer',
  score: 2,
  maxScore: 4,
  buildOutput: null,
  tests: [outcome('adds', 2), outcome('subtracts', 0)],
};

async function claimed(run: QueuedRun | string, worker = 'worker-1'): Promise<ClaimedRun> {
  const claim = await runs.claim(typeof run === 'string' ? run : run.runId, worker);
  if (claim === null) throw new Error('The run could not be claimed.');
  return claim;
}

const runRow = (id: string): Promise<GradingRun> => dataSource.manager.findOneByOrFail(GradingRun, { id });
const submissionRow = ({ submissionId: id }: QueuedRun): Promise<Submission> =>
  dataSource.manager.findOneByOrFail(Submission, { id });
const outboxRow = (runId: string): Promise<OutboxMessage | null> =>
  dataSource.manager.findOneBy(OutboxMessage, { runId });
const resultCount = (runId: string): Promise<number> => dataSource.manager.countBy(TestResult, { runId });

/** As if the worker had been silent for longer than its lease. */
async function expireLease(runId: string): Promise<void> {
  await new Transactions(dataSource).run(async (manager) => {
    const now = await databaseNow(manager);
    await manager.update(GradingRun, { id: runId }, { leaseExpiresAt: new Date(now.getTime() - 1) });
  });
}

describe('claiming a run', () => {
  it('gives it to the worker with what it needs, and shows that it runs', async () => {
    const queued = await rows.queueSubmission();
    const before = await submissionRow(queued);
    const run = await claimed(queued);
    expect(run).toMatchObject({
      id: queued.runId,
      submissionId: queued.submissionId,
      assignmentId: queued.assignmentId,
      number: 1,
      leaseToken: 1,
      claims: 1,
      runtime: 'python',
      gradingVersion: 1,
      filesKey: `submissions/${queued.submissionId}.tar`,
    });
    const row = await runRow(queued.runId);
    expect(row).toMatchObject({ status: 'running', leaseOwner: 'worker-1', leaseToken: 1, claims: 1 });
    const submission = await submissionRow(queued);
    expect(submission).toMatchObject({ status: 'running', startedAt: row.startedAt, version: before.version + 1 });
    // Nobody rings for it before the lease ends.
    expect((await outboxRow(queued.runId))?.dueAt).toEqual(row.leaseExpiresAt);
  });

  it('gives it to one of many that ask at the same time', async () => {
    const queued = await rows.queueSubmission();
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, index) => runs.claim(queued.runId, `worker-${index}`)),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(await runRow(queued.runId)).toMatchObject({ claims: 1, leaseToken: 1 });
  });

  it('refuses while another holds it, and gives it once the lease is over', async () => {
    const queued = await rows.queueSubmission();
    await claimed(queued);
    expect(await runs.claim(queued.runId, 'worker-2')).toBeNull();
    await expireLease(queued.runId);
    expect(await claimed(queued, 'worker-2')).toMatchObject({ leaseToken: 2, claims: 2 });
  });

  it('finds nothing to do for a run that does not exist, and for one that is over', async () => {
    const queued = await rows.queueSubmission();
    expect(await runs.claim('01900000-0000-7000-8000-000000000000', 'worker-1')).toBeNull();
    await runs.record(await claimed(queued), RESULT);
    expect(await runs.claim(queued.runId, 'worker-1')).toBeNull();
    expect(await runRow(queued.runId)).toMatchObject({ status: 'graded', claims: 1 });
  });

  it('gives a run up whose workers died three times: failed, without score', async () => {
    const queued = await rows.queueSubmission();
    for (let claim = 1; claim <= 3; claim += 1) {
      await claimed(queued, `worker-${claim}`);
      await expireLease(queued.runId);
    }
    expect(await runs.claim(queued.runId, 'worker-4')).toBeNull();
    const row = await runRow(queued.runId);
    expect(row).toMatchObject({ status: 'failed', verdict: 'judge_error', score: null, leaseOwner: null });
    // Staff read it: without the names of hosts.
    expect(row.failure).toBe('Claimed 3 times without a result: its workers died or lost it.');
    expect(row.finishedAt).not.toBeNull();
    expect(await submissionRow(queued)).toMatchObject({
      status: 'failed',
      verdict: 'judge_error',
      score: null,
      gradedAt: null,
    });
    expect(await outboxRow(queued.runId)).toBeNull();
    const told = await events.history(queued.submissionId);
    expect(told.at(-1)).toMatchObject({
      kind: 'graded',
      data: { status: 'failed', verdict: 'judge_error', score: null },
    });
  });
});

describe('keeping a claim', () => {
  it('prolongs the lease, and postpones the outbox with it', async () => {
    const queued = await rows.queueSubmission();
    const run = await claimed(queued);
    await expireLease(queued.runId);
    expect(await runs.heartbeat(run)).toBe(true);
    expect(await runs.isHeld(run)).toBe(true);
    const { leaseExpiresAt } = await runRow(queued.runId);
    expect(leaseExpiresAt?.getTime()).toBeGreaterThan((await databaseNow(dataSource.manager)).getTime() + 5_000);
    expect((await outboxRow(queued.runId))?.dueAt).toEqual(leaseExpiresAt);
  });

  it('tells the one who lost it', async () => {
    const queued = await rows.queueSubmission();
    const first = await claimed(queued, 'worker-1');
    await expireLease(queued.runId);
    const second = await claimed(queued, 'worker-2');
    expect(await runs.heartbeat(first)).toBe(false);
    expect(await runs.isHeld(first)).toBe(false);
    expect(await runs.heartbeat(second)).toBe(true);
  });

  it('tells the one whose run was cancelled', async () => {
    const queued = await rows.queueSubmission();
    const run = await claimed(queued);
    await new Transactions(dataSource).run((manager) =>
      manager.update(GradingRun, { id: queued.runId }, { status: 'cancelled' }),
    );
    expect(await runs.heartbeat(run)).toBe(false);
    expect(await runs.isCancelled(queued.runId)).toBe(true);
    expect(await runs.record(run, RESULT)).toBe(false);
    expect(await resultCount(queued.runId)).toBe(0);
  });
});

describe('recording a result', () => {
  it('stores tests, verdict and score, and ends the outbox row', async () => {
    const queued = await rows.queueSubmission();
    const run = await claimed(queued);
    const { version } = await submissionRow(queued);
    expect(await runs.record(run, RESULT)).toBe(true);
    const row = await runRow(queued.runId);
    expect(row).toMatchObject({
      status: 'graded',
      verdict: 'wrong_answer',
      score: 2,
      maxScore: 4,
      leaseExpiresAt: null,
    });
    expect(await submissionRow(queued)).toMatchObject({
      status: 'graded',
      verdict: 'wrong_answer',
      score: 2,
      maxScore: 4,
      gradingVersion: 1,
      gradedAt: row.finishedAt,
      version: version + 1,
    });
    const results = await dataSource.manager.find(TestResult, {
      where: { runId: queued.runId },
      order: { position: 'ASC' },
    });
    expect(results.map(({ name, position, points }) => ({ name, position, points }))).toEqual([
      { name: 'adds', position: 0, points: 2 },
      { name: 'subtracts', position: 1, points: 0 },
    ]);
    expect(results[0]).toMatchObject({ ...outcome('adds', 2) });
    expect(await outboxRow(queued.runId)).toBeNull();
    const told = await events.history(queued.submissionId);
    expect(told.map(({ kind }) => kind)).toEqual(['status', 'graded']);
  });

  it('is harmless the second time', async () => {
    const queued = await rows.queueSubmission();
    const run = await claimed(queued);
    expect(await runs.record(run, RESULT)).toBe(true);
    expect(await runs.record(run, { ...RESULT, score: 4 })).toBe(false);
    expect(await runs.isRecorded(run)).toBe(true);
    expect(await submissionRow(queued)).toMatchObject({ score: 2 });
    expect(await resultCount(queued.runId)).toBe(2);
  });

  it('takes one of two that are recorded at the same time', async () => {
    const queued = await rows.queueSubmission();
    const run = await claimed(queued);
    const recorded = await Promise.all([runs.record(run, RESULT), runs.record(run, RESULT), runs.record(run, RESULT)]);
    expect(recorded.filter(Boolean)).toHaveLength(1);
    expect(await resultCount(queued.runId)).toBe(2);
  });

  it('refuses a stale result, before and after the other worker has recorded', async () => {
    const queued = await rows.queueSubmission();
    const stale = await claimed(queued, 'worker-1');
    await expireLease(queued.runId);
    const fresh = await claimed(queued, 'worker-2');
    expect(await runs.record(stale, { ...RESULT, score: 0 })).toBe(false);
    expect(await runs.record(fresh, RESULT)).toBe(true);
    expect(await runs.record(stale, { ...RESULT, score: 0 })).toBe(false);
    expect([await runs.isRecorded(stale), await runs.isRecorded(fresh)]).toEqual([false, true]);
    expect(await submissionRow(queued)).toMatchObject({ status: 'graded', score: 2 });
    expect(await resultCount(queued.runId)).toBe(2);
  });

  it('leaves a submission alone whose current run is another one', async () => {
    const queued = await rows.queueSubmission();
    const first = await claimed(queued);
    const second = await claimed(await rows.queueRejudge(queued));
    expect(await runs.record(first, RESULT)).toBe(true);
    expect(await submissionRow(queued)).toMatchObject({ status: 'running', currentRunId: second.id });
    expect(await runs.record(second, { ...RESULT, verdict: 'accepted', score: 4 })).toBe(true);
    expect(await submissionRow(queued)).toMatchObject({ status: 'graded', verdict: 'accepted', score: 4 });
  });

  it('stores as many results as a grading document may have tests', async () => {
    const queued = await rows.queueSubmission();
    const run = await claimed(queued);
    const tests = Array.from({ length: 500 }, (_, index) => ({
      ...outcome(`test ${index}`, 2),
      stdout: 'é'.repeat(4_096),
    }));
    expect(await runs.record(run, { ...RESULT, tests })).toBe(true);
    expect(await resultCount(queued.runId)).toBe(500);
  });
});

describe('handing a run back', () => {
  it('lets it wait again, with the claim counted or not', async () => {
    const queued = await rows.queueSubmission();
    await runs.handBack(await claimed(queued), { delayMs: 5_000, counts: true });
    expect(await runRow(queued.runId)).toMatchObject({
      status: 'queued',
      claims: 1,
      leaseOwner: null,
      startedAt: null,
    });
    expect(await submissionRow(queued)).toMatchObject({ status: 'queued', startedAt: null });
    const now = await databaseNow(dataSource.manager);
    const due = (await outboxRow(queued.runId))?.dueAt.getTime() ?? 0;
    expect(due - now.getTime()).toBeGreaterThan(3_000);
    expect(due - now.getTime()).toBeLessThanOrEqual(5_000);

    const again = await claimed(queued);
    expect(again).toMatchObject({ leaseToken: 2, claims: 2 });
    await runs.handBack(again, { delayMs: 0, counts: false });
    expect(await runRow(queued.runId)).toMatchObject({ status: 'queued', claims: 1 });
  });

  it('does nothing for one who has lost it', async () => {
    const queued = await rows.queueSubmission();
    const first = await claimed(queued);
    await expireLease(queued.runId);
    await claimed(queued, 'worker-2');
    await runs.handBack(first, { delayMs: 0, counts: true });
    expect(await runs.fail(first, 'too late')).toBe(false);
    expect(await runRow(queued.runId)).toMatchObject({ status: 'running', leaseOwner: 'worker-2' });
  });
});

describe('giving a run up', () => {
  it('ends it without a score, and keeps the reason for operators', async () => {
    const queued = await rows.queueSubmission();
    expect(await runs.fail(await claimed(queued), 'the sandbox is broken')).toBe(true);
    expect(await runRow(queued.runId)).toMatchObject({ status: 'failed', failure: 'the sandbox is broken' });
    expect(await submissionRow(queued)).toMatchObject({ status: 'failed', verdict: 'judge_error', score: null });
    expect(await outboxRow(queued.runId)).toBeNull();
  });

  it('keeps what is known of its tests, once', async () => {
    const queued = await rows.queueSubmission();
    const run = await claimed(queued);
    expect(await runs.fail(run, 'the sandbox is broken', RESULT.tests)).toBe(true);
    expect(await runs.fail(run, 'the sandbox is broken', RESULT.tests)).toBe(false);
    expect(await resultCount(queued.runId)).toBe(RESULT.tests.length);
    expect(await submissionRow(queued)).toMatchObject({ status: 'failed', verdict: 'judge_error', score: null });
  });

  it('takes no earlier result away when grading again fails', async () => {
    const queued = await rows.queueSubmission();
    await runs.record(await claimed(queued), RESULT);
    const { gradedAt } = await submissionRow(queued);
    const rejudge = await claimed(await rows.queueRejudge(queued));
    await runs.fail(rejudge, 'the sandbox is broken');
    expect(await runRow(rejudge.id)).toMatchObject({ status: 'failed' });
    expect(await submissionRow(queued)).toMatchObject({
      status: 'graded',
      verdict: 'wrong_answer',
      score: 2,
      gradedAt,
      currentRunId: queued.runId,
    });
  });
});
