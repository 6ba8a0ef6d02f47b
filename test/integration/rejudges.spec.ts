import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AssignmentAccess } from '../../src/assignments/assignment-access.js';
import { Assignment } from '../../src/assignments/assignment.entity.js';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { AuditHead } from '../../src/audit/audit-head.entity.js';
import { AuditLog } from '../../src/audit/audit-log.js';
import type { Principal } from '../../src/auth/principal.js';
import { parseEnvironment } from '../../src/config/env.js';
import { Enrolment } from '../../src/courses/enrolment.entity.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseNow } from '../../src/database/database-clock.js';
import { Transactions } from '../../src/database/transactions.js';
import { InProcessRunEvents } from '../../src/events/in-process-run-events.js';
import { InProcessGradingQueue } from '../../src/queue/in-process-grading-queue.js';
import { WayForRequests } from '../../src/queue/way-for-requests.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { OutboxRelay } from '../../src/queue/outbox-relay.js';
import { Outbox } from '../../src/queue/outbox.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { GradingRun } from '../../src/submissions/grading-run.entity.js';
import type { ClaimedRun } from '../../src/submissions/claimed-run.js';
import { GradingRuns, type RunResult } from '../../src/submissions/grading-runs.js';
import { RejudgeAccess } from '../../src/submissions/rejudge-access.js';
import { countRuns } from '../../src/submissions/rejudge-counts.js';
import { RejudgeDecisionService } from '../../src/submissions/rejudge-decision.service.js';
import { RejudgeDriver } from '../../src/submissions/rejudge-driver.js';
import type { RejudgeFilter } from '../../src/submissions/rejudge-filter.js';
import { RejudgeSteps } from '../../src/submissions/rejudge-steps.js';
import { Rejudge } from '../../src/submissions/rejudge.entity.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { GRADING_ENTITIES, GradingRows } from '../support/grading-rows.js';
import { RejudgeRows, type SubmissionFields } from '../support/rejudge-rows.js';
import { createTemporaryDatabase, type TemporaryDatabase } from '../support/temporary-database.js';

const BETTER: RunResult = { verdict: 'accepted', score: 4, maxScore: 4, buildOutput: null, tests: [] };

let database: TemporaryDatabase;
let dataSource: DataSource;
let transactions: Transactions;
let steps: RejudgeSteps;
let driver: RejudgeDriver;
let decisions: RejudgeDecisionService;
let runs: GradingRuns;
let events: InProcessRunEvents;
let assignmentId: string;
let admin: Principal;
let rows: RejudgeRows;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const environment = parseEnvironment({ DATABASE_URL: database.url });
  await bringSchemaUpToDate(environment);
  dataSource = createDataSource(environment, [...GRADING_ENTITIES, Enrolment, Rejudge, AuditEntry, AuditHead], {
    guardWrites: true,
  });
  await dataSource.initialize();
  transactions = new Transactions(dataSource);
  events = new InProcessRunEvents();
  const outbox = new Outbox();
  const rejudges = dataSource.getRepository(Rejudge);
  steps = new RejudgeSteps(transactions, outbox);
  driver = new RejudgeDriver(
    rejudges,
    steps,
    new OutboxRelay(environment, transactions, new InProcessGradingQueue(new WayForRequests())),
  );
  runs = new GradingRuns(environment, dataSource, transactions, outbox, events);
  const access = new RejudgeAccess(rejudges, new AssignmentAccess(dataSource.getRepository(Assignment)));
  decisions = new RejudgeDecisionService(dataSource, access, transactions, driver, new AuditLog());
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

/** An assignment of its own for each test. */
beforeEach(async () => {
  const queued = await new GradingRows(dataSource).queueSubmission({ status: 'cancelled' });
  assignmentId = queued.assignmentId;
  const { studentId } = await submissionRow(queued.submissionId);
  admin = { userId: studentId, role: 'admin' };
  rows = new RejudgeRows(dataSource, assignmentId, studentId);
});

const submissionRow = (id: string): Promise<Submission> => dataSource.manager.findOneByOrFail(Submission, { id });
const rejudgeRow = (id: string): Promise<Rejudge> => dataSource.manager.findOneByOrFail(Rejudge, { id });
const runsOf = (rejudgeId: string): Promise<GradingRun[]> =>
  dataSource.manager.find(GradingRun, { where: { rejudgeId }, order: { id: 'ASC' } });
const submissionsNow = (): Promise<Submission[]> =>
  dataSource.manager.find(Submission, { where: { assignmentId }, order: { id: 'ASC' } });

async function claimed({ id }: Pick<GradingRun, 'id'>): Promise<ClaimedRun> {
  const claim = await runs.claim(id, 'worker-1');
  if (claim === null) throw new Error('The run could not be claimed.');
  return claim;
}

/** Has the batch made, and all of its runs graded. */
async function gradeAll(rejudge: Rejudge): Promise<void> {
  await driver.drive(rejudge.id, Infinity);
  for (const run of await runsOf(rejudge.id)) await runs.record(await claimed(run), BETTER);
}

/** A live rejudge of one submission, up to the claim. */
async function regrade({ id: submissionId, currentRunId }: Submission): Promise<ClaimedRun> {
  const rejudge = await rows.addBatch({ submissionId, stage: 'made', total: 1 });
  const submission = await submissionRow(submissionId);
  expect(submission.currentRunId).toBe(currentRunId);
  const [runId] = await transactions.run((manager) => steps.makeRuns(manager, rejudge, [submission]));
  return claimed({ id: runId ?? '' });
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: unknown) => (typeof error === 'object' && error !== null && 'code' in error ? error.code : error),
  );
}

describe('making a batch', () => {
  it('takes at most two hundred submissions in one transaction, and each once', async () => {
    const submissions = await rows.addEnded(450);
    const running = await new GradingRows(dataSource).queueSubmission();
    await transactions.run((manager) =>
      manager.update(Submission, { id: running.submissionId }, { assignmentId, attempt: 5_000 }),
    );
    const rejudge = await rows.addBatch();
    const made: number[] = [];
    for (let hasMore = true; hasMore;) {
      const step = await steps.step(rejudge.id);
      made.push(step.runIds.length);
      ({ hasMore } = step);
    }
    expect(Math.max(...made)).toBe(200);
    expect(made.length).toBeGreaterThan(2);
    expect(await rejudgeRow(rejudge.id)).toMatchObject({ stage: 'made', total: 450, skipped: 1 });
    const [made2, now] = [await runsOf(rejudge.id), await submissionsNow()];
    expect(made2.map(({ submissionId }) => submissionId).toSorted()).toEqual(
      submissions.map(({ id }) => id).toSorted(),
    );
    const runOf = new Map(made2.map((run) => [run.submissionId, run]));
    for (const { id, currentRunId } of submissions) {
      expect(runOf.get(id)).toMatchObject({ comparedRunId: currentRunId, trial: null, number: 2, cause: 'rejudge' });
      expect(now.find((one) => one.id === id)).toMatchObject({
        status: 'queued',
        currentRunId: runOf.get(id)?.id,
        version: 2,
      });
    }
    expect(await steps.step(rejudge.id)).toEqual({ hasMore: false, runIds: [] });
    expect(await runsOf(rejudge.id)).toHaveLength(450);
  });

  it('takes each submission once when two processes make it together', async () => {
    await rows.addEnded(450);
    const rejudge = await rows.addBatch();
    await Promise.all([driver.drive(rejudge.id, Infinity), driver.drive(rejudge.id, Infinity)]);
    expect(await rejudgeRow(rejudge.id)).toMatchObject({ stage: 'made', total: 450 });
    expect(new Set((await runsOf(rejudge.id)).map(({ submissionId }) => submissionId)).size).toBe(450);
    expect((await submissionsNow()).filter(({ version }) => version === 2)).toHaveLength(450);
  });

  it('leaves out what was handed in after it was asked for', async () => {
    const [before] = await rows.addEnded(1);
    const rejudge = await rows.addBatch();
    const later = new Date(rejudge.createdAt.getTime() + 1_000);
    await rows.addEnded(1, () => ({ submittedAt: later }));
    await driver.drive(rejudge.id, Infinity);
    expect((await runsOf(rejudge.id)).map(({ submissionId }) => submissionId)).toEqual([before?.id]);
  });

  it('takes what the filter asks for', async () => {
    const bob = await rows.addStudent();
    const start = new Date((await databaseNow(dataSource.manager)).getTime() - 3_600_000);
    const at = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);
    const wanted: readonly SubmissionFields[] = [
      { submittedAt: at(0), verdict: 'wrong_answer', score: 2 },
      { submittedAt: at(1), verdict: 'accepted', score: 4 },
      { submittedAt: at(2), verdict: 'accepted', score: 4, gradingVersion: 2 },
      { submittedAt: at(3), verdict: 'runtime_error', score: 0, studentId: bob },
      { submittedAt: at(4), status: 'failed', verdict: 'judge_error', score: null, studentId: bob },
      { submittedAt: at(5), status: 'cancelled', verdict: null, score: null, studentId: bob },
      { submittedAt: at(6), verdict: 'wrong_answer', score: 1, studentId: bob, overrideScore: 3, gradingVersion: 3 },
      { submittedAt: at(7), verdict: 'accepted', score: 4, studentId: bob, counts: false },
    ];
    const ids = (await rows.addEnded(wanted.length, (index) => wanted[index] ?? {})).map(({ id }) => id);
    const taken = async (filter: RejudgeFilter | null): Promise<number[]> => {
      const rejudge = await rows.addBatch({ mode: 'dry_run', filter, gradingVersion: 3 });
      await driver.drive(rejudge.id, Infinity);
      return (await runsOf(rejudge.id))
        .map(({ submissionId }) => ids.indexOf(submissionId))
        .toSorted((one, other) => one - other);
    };
    expect(await taken(null)).toEqual([0, 1, 2, 3, 4, 6, 7]);
    expect(await taken({ verdicts: ['wrong_answer', 'runtime_error'] })).toEqual([0, 3, 6]);
    expect(await taken({ verdicts: ['judge_error'] })).toEqual([4]);
    expect(await taken({ statuses: ['graded'] })).toEqual([0, 1, 2, 3, 6, 7]);
    // The one of `beforeEach` is cancelled as well, and none of these.
    expect(await taken({ statuses: ['cancelled'] })).toEqual([-1, 5]);
    expect(await taken({ studentIds: [bob] })).toEqual([3, 4, 6, 7]);
    expect(await taken({ gradingVersions: [2] })).toEqual([2]);
    expect(await taken({ gradingVersions: [2, 3], outdatedOnly: true })).toEqual([2]);
    expect(await taken({ outdatedOnly: true })).toEqual([0, 1, 2, 3, 4, 7]);
    expect(await taken({ submittedAfter: at(1).toISOString(), submittedBefore: at(3).toISOString() })).toEqual([
      1, 2, 3,
    ]);
    // The best of one student is the earlier of two equal ones, of the other the one whose score staff set.
    expect(await taken({ countedOnly: true })).toEqual([1, 6]);
    expect(await taken({ countedOnly: true, verdicts: ['accepted'], submittedBefore: at(6).toISOString() })).toEqual([
      1,
    ]);
  });
});

describe('a dry run', () => {
  it('changes nothing of the submissions, tells those who watch nothing, and counts what it would change', async () => {
    const scores = [4, 2, 1, 4];
    await rows.addEnded(4, (index) => ({
      score: scores[index] ?? 0,
      verdict: index === 0 ? 'accepted' : 'wrong_answer',
    }));
    const before = await submissionsNow();
    const rejudge = await rows.addBatch({ mode: 'dry_run' });
    await driver.drive(rejudge.id, Infinity);
    const [first, second, third, fourth] = await runsOf(rejudge.id);
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) throw new Error();
    await runs.record(await claimed(first), BETTER);
    await runs.record(await claimed(second), { ...BETTER, verdict: 'runtime_error', score: 0 });
    await runs.fail(await claimed(third), 'the sandbox is broken');
    await runs.handBack(await claimed(fourth), { delayMs: 0, counts: true });
    expect(await submissionsNow()).toEqual(before);
    for (const { id } of before) expect(await events.history(id)).toEqual([]);
    expect(await countRuns(dataSource.manager, rejudge.id)).toEqual({
      progress: { queued: 1, running: 0, graded: 2, failed: 1, cancelled: 0 },
      summary: { pending: 1, unchanged: 1, better: 0, worse: 1, same_score: 0, failed: 1, cancelled: 0 },
      trials: { pending: 4, applied: 0, overtaken: 0, failed: 0, discarded: 0 },
    });
    await runs.record(await claimed(fourth), BETTER);
    expect((await countRuns(dataSource.manager, rejudge.id)).summary).toMatchObject({ pending: 0, same_score: 1 });
    expect(await submissionsNow()).toEqual(before);
  });

  it('is no earlier result for a regrade that comes to nothing', async () => {
    const [submission] = await rows.addEnded(1);
    if (submission === undefined) throw new Error();
    await gradeAll(await rows.addBatch({ mode: 'dry_run' }));
    const run = await regrade(submission);
    expect(run.number).toBe(3);
    await runs.fail(run, 'the sandbox is broken');
    expect(await submissionRow(submission.id)).toMatchObject({
      currentRunId: submission.currentRunId,
      status: 'graded',
      verdict: 'wrong_answer',
      score: 2,
    });
  });
});

describe('applying a dry run', () => {
  it('makes the new results the results, and leaves alone what was given another one or could not be graded', async () => {
    const [plain, overridden, overtaken, failed] = await rows.addEnded(4, (index) =>
      index === 1 ? { overrideScore: 3.5 } : {},
    );
    if (plain === undefined || overridden === undefined || overtaken === undefined || failed === undefined) {
      throw new Error();
    }
    const failedBefore = await submissionRow(failed.id);
    const rejudge = await rows.addBatch({ mode: 'dry_run' });
    await driver.drive(rejudge.id, Infinity);
    for (const run of await runsOf(rejudge.id)) {
      const claim = await claimed(run);
      await (run.submissionId === failed.id ? runs.fail(claim, 'broken') : runs.record(claim, BETTER));
    }
    const other = await regrade(overtaken);
    await runs.record(other, { ...BETTER, verdict: 'runtime_error', score: 1 });
    const dto = await decisions.apply(admin, rejudge.id);
    expect(dto).toMatchObject({ status: 'applied', applied: 2, overtaken: 1, failed: 1, decidedById: admin.userId });
    const newRuns = new Map((await runsOf(rejudge.id)).map((run) => [run.submissionId, run]));
    for (const { id, version } of [plain, overridden]) {
      const run = newRuns.get(id);
      expect(run?.trial).toBe('applied');
      expect(await submissionRow(id)).toMatchObject({
        status: 'graded',
        verdict: 'accepted',
        score: 4,
        currentRunId: run?.id,
        gradedAt: run?.finishedAt,
        version: version + 1,
      });
    }
    expect((await submissionRow(overridden.id)).overrideScore).toBe(3.5);
    expect(await submissionRow(overtaken.id)).toMatchObject({ verdict: 'runtime_error', currentRunId: other.id });
    expect(newRuns.get(overtaken.id)?.trial).toBe('overtaken');
    expect(await submissionRow(failed.id)).toEqual(failedBefore);
    expect(newRuns.get(failed.id)?.trial).toBe('failed');
    // What was compared stays readable.
    expect((await countRuns(dataSource.manager, rejudge.id)).summary).toMatchObject({ better: 3, failed: 1 });
  });

  it('happens once, whoever asks for it how often, and cannot be discarded afterwards', async () => {
    await rows.addEnded(450);
    const before = (await submissionsNow()).filter(({ status }) => status === 'graded');
    const rejudge = await rows.addReady(before, { verdict: 'accepted', score: 4 });
    await Promise.all([1, 2, 3].map(() => decisions.apply(admin, rejudge.id)));
    await driver.drive(rejudge.id, Infinity);
    const answer = await decisions.apply(admin, rejudge.id);
    expect(answer).toMatchObject({ status: 'applied', applied: 450, overtaken: 0 });
    expect(await decisions.apply(admin, rejudge.id)).toEqual(answer);
    const after = (await submissionsNow()).filter(({ status }) => status === 'graded');
    expect(after.every(({ version, score }) => version === 2 && score === 4)).toBe(true);
    expect(await refusal(decisions.discard(admin, rejudge.id))).toBe('rejudge_applied');
    const entries = await dataSource.manager.findBy(AuditEntry, { targetId: rejudge.id });
    expect(entries).toMatchObject([
      { actorId: admin.userId, action: 'rejudge.applied', targetType: 'rejudge', detail: { total: 450 } },
    ]);
    expect(entries[0]?.at).toBeInstanceOf(Date);
  });

  it('is decided one way when some apply and some discard it', async () => {
    const submissions = await rows.addEnded(250);
    const rejudge = await rows.addReady(submissions, { verdict: 'accepted', score: 4 });
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map((number) =>
        refusal(number % 2 === 0 ? decisions.apply(admin, rejudge.id) : decisions.discard(admin, rejudge.id)),
      ),
    );
    await driver.drive(rejudge.id, Infinity);
    const { stage } = await rejudgeRow(rejudge.id);
    const [refused, trial, score] =
      stage === 'applied' ? ['rejudge_applied', 'applied', 4] : ['rejudge_discarded', 'discarded', 2];
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome === refused)).toHaveLength(2);
    expect((await runsOf(rejudge.id)).every((run) => run.trial === trial)).toBe(true);
    for (const { id } of submissions) expect((await submissionRow(id)).score).toBe(score);
  });

  it('of two at once gives each submission one of the results', async () => {
    const submissions = await rows.addEnded(250);
    const one = await rows.addReady(submissions, { verdict: 'accepted', score: 4 });
    const other = await rows.addReady(submissions, { verdict: 'runtime_error', score: 1 }, 3);
    await Promise.all([decisions.apply(admin, one.id), decisions.apply(admin, other.id)]);
    await Promise.all([driver.drive(one.id, Infinity), driver.drive(other.id, Infinity)]);
    const answers = await Promise.all([decisions.apply(admin, one.id), decisions.apply(admin, other.id)]);
    expect(answers.map(({ applied }) => applied).reduce((sum, count) => sum + count)).toBe(250);
    expect(answers.map(({ overtaken }) => overtaken).reduce((sum, count) => sum + count)).toBe(250);
    for (const { id } of submissions) {
      const { currentRunId, score, version } = await submissionRow(id);
      const run = await dataSource.manager.findOneByOrFail(GradingRun, { id: currentRunId });
      expect([run.trial, run.score, version]).toEqual(['applied', score, 2]);
    }
  });

  it('waits until all is graded, and is for dry runs', async () => {
    await rows.addEnded(1);
    const dry = await rows.addBatch({ mode: 'dry_run' });
    expect(await refusal(decisions.apply(admin, dry.id))).toBe('rejudge_not_ready');
    await driver.drive(dry.id, Infinity);
    expect(await refusal(decisions.apply(admin, dry.id))).toBe('rejudge_not_ready');
    const live = await rows.addBatch();
    await gradeAll(live);
    expect(await refusal(decisions.apply(admin, live.id))).toBe('not_a_dry_run');
    expect(await refusal(decisions.discard(admin, live.id))).toBe('not_a_dry_run');
    expect(await refusal(decisions.apply({ ...admin, role: 'student' }, dry.id))).toBe('not_found');
  });
});

describe('discarding a dry run', () => {
  it('ends what waits and what is being graded, and touches no submission', async () => {
    await rows.addEnded(3);
    const before = await submissionsNow();
    const rejudge = await rows.addBatch({ mode: 'dry_run' });
    await driver.drive(rejudge.id, Infinity);
    const [waiting, running, done] = await runsOf(rejudge.id);
    if (waiting === undefined || running === undefined || done === undefined) throw new Error();
    const claim = await claimed(running);
    await runs.record(await claimed(done), BETTER);
    expect(await decisions.discard(admin, rejudge.id)).toMatchObject({ status: 'discarded', graded: 1, cancelled: 2 });
    expect(await decisions.discard(admin, rejudge.id)).toMatchObject({ status: 'discarded', graded: 1, cancelled: 2 });
    expect(await runs.isHeld(claim)).toBe(false);
    expect(await runs.record(claim, BETTER)).toBe(false);
    expect(await runs.claim(waiting.id, 'worker-1')).toBeNull();
    for (const { id } of [waiting, running, done]) {
      expect(await dataSource.manager.countBy(OutboxMessage, { runId: id })).toBe(0);
    }
    expect((await runsOf(rejudge.id)).map(({ trial }) => trial)).toEqual(['discarded', 'discarded', 'discarded']);
    expect(await submissionsNow()).toEqual(before);
    expect(await refusal(decisions.apply(admin, rejudge.id))).toBe('rejudge_discarded');
  });

  it('also stops one that is still being made', async () => {
    await rows.addEnded(450);
    const rejudge = await rows.addBatch({ mode: 'dry_run' });
    await steps.step(rejudge.id);
    await decisions.discard(admin, rejudge.id);
    await driver.drive(rejudge.id, Infinity);
    expect(await decisions.discard(admin, rejudge.id)).toMatchObject({
      status: 'discarded',
      total: 200,
      cancelled: 200,
    });
    expect(await runsOf(rejudge.id)).toHaveLength(200);
  });
});

describe('a batch that was left behind', () => {
  it('is taken up after ten seconds, in whatever stage, and others are left to those who move them', async () => {
    const submissions = await rows.addEnded(250);
    const now = await databaseNow(dataSource.manager);
    const longAgo = new Date(now.getTime() - 11_000);
    const making = await rows.addBatch({ mode: 'dry_run', movedAt: longAgo });
    const applying = await rows.addReady(submissions, { verdict: 'accepted', score: 4 });
    const fresh = await rows.addBatch({ mode: 'dry_run' });
    await transactions.run((manager) =>
      manager.update(Rejudge, { id: applying.id }, { stage: 'applying', movedAt: longAgo }),
    );
    expect(await driver.sweep()).toBe(2);
    expect(await rejudgeRow(making.id)).toMatchObject({ stage: 'made', total: 250 });
    expect(await rejudgeRow(applying.id)).toMatchObject({ stage: 'applied' });
    expect(await rejudgeRow(fresh.id)).toMatchObject({ stage: 'making', total: 0 });
    expect((await submissionsNow()).filter(({ score }) => score === 4)).toHaveLength(250);
    await driver.drive(fresh.id, Infinity);
    expect(await driver.sweep()).toBe(0);
  });
});
