import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Transactions } from '../../src/database/transactions.js';
import { RunEvents, testEventId } from '../../src/events/run-events.js';
import type { TestResult } from '../../src/grading/test-result.js';
import type { Visibility } from '../../src/grading/grading-document.js';
import { Outbox } from '../../src/queue/outbox.js';
import type { ClaimedRun } from '../../src/submissions/claimed-run.js';
import { GradingRuns } from '../../src/submissions/grading-runs.js';
import { addMember, createAssignment, createCourse, submit, submitted } from '../support/course-builder.js';
import { type EventClient, follow } from '../support/event-client.js';
import { expectProblem } from '../support/expect-problem.js';
import { e2eBackend, startTestApp, type TestApp, type TestUser } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

let app: TestApp;
let instructor: TestUser;
let ada: TestUser;
let assignmentId: string;
let clients: EventClient[];

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  instructor = await app.createUser({ role: 'instructor' });
  ada = await app.createUser();
  const course = await createCourse(app, instructor);
  await addMember(app, course, ada);
  assignmentId = await createAssignment(app, course);
});

afterAll(async () => {
  await app?.close();
});

beforeEach(() => {
  clients = [];
});

afterEach(() => {
  for (const client of clients) client.leave();
});

async function watch(submissionId: string, lastEventId?: number | string, by = ada, at = app): Promise<EventClient> {
  const client = await follow(at, by, submissionId, lastEventId);
  clients.push(client);
  expect(client.status).toBe(200);
  return client;
}

/** What a worker does, without running anything: it works on the rows of the first process and tells its events. */
class Grader {
  private readonly runs: GradingRuns;
  private readonly events: RunEvents;

  constructor(at: TestApp = app) {
    const { environment } = at;
    const of = <T>(token: abstract new (...parameters: never[]) => T): T => at.app.get<T>(token, { strict: false });
    this.events = of(RunEvents);
    this.runs = new GradingRuns(environment, of(DataSource), of(Transactions), of(Outbox), this.events);
  }

  async claim(submissionId: string): Promise<ClaimedRun> {
    const rows: { id: string }[] = await app.app
      .get(DataSource)
      .createQueryBuilder()
      .select('run.id', 'id')
      .from('grading_runs', 'run')
      .where({ submissionId })
      .orderBy('run.id', 'DESC')
      .getRawMany();
    const run = await this.runs.claim(rows[0]?.id ?? '', 'a test');
    if (run === null) throw new Error('There is nothing to claim.');
    return run;
  }

  async tellTest({ submissionId, number: runNumber }: ClaimedRun, position: number, result: TestResult): Promise<void> {
    const id = testEventId(runNumber, position);
    await this.events.publish({ submissionId, runNumber, id, kind: 'test', data: { ...result, position } });
  }

  async record(run: ClaimedRun, tests: readonly TestResult[]): Promise<void> {
    const score = tests.reduce((sum, { points }) => sum + points, 0);
    const result = { verdict: 'accepted' as const, score, maxScore: score, buildOutput: null, tests };
    if (!(await this.runs.record(run, result))) throw new Error('The result was refused.');
  }

  fail(run: ClaimedRun): Promise<boolean> {
    return this.runs.fail(run, 'a secret of the operator');
  }
}

function result(name: string, visibility: Visibility = 'visible'): TestResult {
  return {
    name,
    kind: 'program',
    verdict: 'accepted',
    points: 2,
    maxPoints: 2,
    timeMs: 10,
    wallMs: 20,
    memoryKiB: 30,
    exitCode: 0,
    signal: null,
    message: null,
    stdout: `out of ${name}`,
    stderr: '',
    expected: `expected of ${name}`,
    cases: [{ name: 'one', verdict: 'accepted', points: 2, maxPoints: 2, message: null }],
    visibility,
  };
}

/** Each event in short: its id without the run, what it is, and of what. */
function inShort(client: EventClient): string[] {
  return client.events.map(({ id, event, data }) => `${id} ${event} ${String(data['name'] ?? data['status'])}`);
}

describe('GET /submissions/{id}/events', () => {
  it('tells what happens while it happens, and ends when it is graded', async () => {
    const { id } = await submitted(app, ada, assignmentId);
    const client = await watch(id);
    expect(client.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(client.headers.get('cache-control')).toBe('no-store');
    expect(client.headers.get('x-accel-buffering')).toBe('no');
    expect(client.headers.get('x-content-type-options')).toBe('nosniff');
    await waitFor(() => client.events.length === 1);
    const grader = new Grader();
    const run = await grader.claim(id);
    await waitFor(() => client.events.length === 2);
    const tests = ['one', 'two', 'three'].map((name) => result(name));
    for (const [position, test] of tests.entries()) {
      await grader.tellTest(run, position, test);
      await waitFor(() => client.events.length === 3 + position, { until: `test ${position} was told` });
    }
    await grader.record(run, tests);
    await client.ended;
    expect(inShort(client)).toEqual([
      '1000000 status queued',
      '1000001 status running',
      '1000002 test one',
      '1000003 test two',
      '1000004 test three',
      '1999999 graded graded',
    ]);
    expect(client.events[2]?.data).toEqual({
      position: 0,
      name: 'one',
      kind: 'program',
      verdict: 'accepted',
      points: 2,
      maxPoints: 2,
      timeMs: 10,
      wallMs: 20,
      memoryKiB: 30,
      exitCode: 0,
      signal: null,
      message: null,
      stdout: 'out of one',
      stderr: '',
      expected: 'expected of one',
      cases: [{ name: 'one', verdict: 'accepted', points: 2, maxPoints: 2, message: null }],
      staffMessage: null,
      hint: null,
      hidden: false,
    });
    expect(client.events.at(-1)?.data).toEqual({ status: 'graded', verdict: 'accepted', score: 6, maxScore: 6 });
  });

  it('tells all of it to whoever comes late, and nothing twice to whoever comes back', async () => {
    const { id } = await submitted(app, ada, assignmentId);
    const grader = new Grader();
    const run = await grader.claim(id);
    const tests = ['one', 'two', 'three'].map((name) => result(name));
    await grader.tellTest(run, 0, result('one'));
    await grader.tellTest(run, 1, result('two'));
    const middle = await watch(id);
    await waitFor(() => middle.events.length === 4, { until: 'what was told before is told again' });
    middle.leave();
    const back = await watch(id, middle.events.at(-1)?.id);
    await grader.tellTest(run, 2, result('three'));
    await waitFor(() => back.events.length === 1);
    await grader.record(run, tests);
    await back.ended;
    expect(inShort(back)).toEqual(['1000004 test three', '1999999 graded graded']);
    const late = await watch(id);
    expect(await late.ended).toHaveLength(6);
    expect(inShort(late).slice(2)).toEqual([
      '1000002 test one',
      '1000003 test two',
      '1000004 test three',
      '1999999 graded graded',
    ]);
    const resumed = await watch(id, 1_000_002);
    expect((await resumed.ended).map((event) => event.id)).toEqual([1_000_003, 1_000_004, 1_999_999]);
  });

  it('says that nothing is left to whoever heard the end', async () => {
    const { id } = await submitted(app, ada, assignmentId);
    const grader = new Grader();
    await grader.record(await grader.claim(id), [result('one')]);
    const again = await follow(app, ada, id, 1_999_999);
    expect(again.status).toBe(204);
    expect(await again.ended).toEqual([]);
  });

  it.each(['', 'x', '-1', '1.5', '99999999999999999999', '0', '7', '2000000'])(
    'starts anew after a Last-Event-ID of %j, which is none of it',
    async (lastEventId) => {
      const { id } = await submitted(app, ada, assignmentId);
      const grader = new Grader();
      await grader.record(await grader.claim(id), [result('one')]);
      expect(await (await watch(id, lastEventId)).ended).toHaveLength(4);
    },
  );

  it('tells students nothing of secret tests and little of hidden ones, and staff everything', async () => {
    const { id } = await submitted(app, ada, assignmentId);
    const [student, staff] = [await watch(id), await watch(id, undefined, instructor)];
    const grader = new Grader();
    const run = await grader.claim(id);
    const tests = [result('open'), result('kept', 'secret'), result('veiled', 'hidden'), result('later', 'after-due')];
    for (const [position, test] of tests.entries()) await grader.tellTest(run, position, test);
    await grader.record(run, tests);
    await Promise.all([student.ended, staff.ended]);
    const lateStudent = await watch(id);
    await lateStudent.ended;
    for (const client of [student, lateStudent]) {
      expect(inShort(client).slice(2)).toEqual([
        '1000002 test open',
        '1000003 test veiled',
        '1000004 test later',
        '1999999 graded graded',
      ]);
      expect(JSON.stringify(client.events)).not.toMatch(/kept|out of veiled|expected of veiled|out of later/);
      expect(client.events[3]?.data).toMatchObject({
        name: 'veiled',
        points: 2,
        hidden: true,
        stdout: null,
        timeMs: null,
      });
    }
    expect(inShort(staff).slice(2, -1)).toEqual([
      '1000002 test open',
      '1000003 test kept',
      '1000004 test veiled',
      '1000005 test later',
    ]);
    expect(JSON.stringify(staff.events)).toContain('expected of kept');
  });

  it('shows what the watcher may see when it is told, not when they came', async () => {
    const course = await createCourse(app, instructor);
    const assistant = await app.createUser();
    await addMember(app, course, assistant, 'assistant');
    await addMember(app, course, ada);
    const { id } = await submitted(app, ada, await createAssignment(app, course));
    const client = await watch(id, undefined, assistant);
    const grader = new Grader();
    const run = await grader.claim(id);
    await grader.tellTest(run, 0, result('before', 'hidden'));
    await waitFor(() => client.events.length === 3);
    expect(client.events[2]?.data).toMatchObject({ name: 'before', stdout: 'out of before' });
    const path = `/courses/${course.id}/members/${assistant.id}`;
    await app.request('PATCH', path, { token: instructor.token, body: { role: 'student' } });
    // What the stream knows of its watcher may be a second old.
    await pause(1_100);
    await grader.tellTest(run, 1, result('after', 'hidden'));
    await client.ended;
    expect(JSON.stringify(client.events)).not.toContain('after');
    await grader.record(run, [result('before', 'hidden'), result('after', 'hidden')]);
  });

  it('ends when the account of the watcher is disabled', async () => {
    const course = await createCourse(app, instructor);
    const student = await app.createUser();
    await addMember(app, course, student);
    const { id } = await submitted(app, student, await createAssignment(app, course));
    const client = await watch(id, undefined, student);
    const { token } = await app.admin();
    await app.request('PATCH', `/users/${student.id}`, { token, body: { disabled: true } });
    await pause(1_100);
    const grader = new Grader();
    const run = await grader.claim(id);
    await grader.tellTest(run, 0, result('one'));
    await client.ended;
    expect(client.events.length).toBeLessThan(3);
    expect(JSON.stringify(client.events)).not.toContain('out of one');
    await grader.record(run, [result('one')]);
  });

  it('follows a deadline that is moved meanwhile', async () => {
    const course = await createCourse(app, instructor);
    await addMember(app, course, ada);
    const past = await createAssignment(app, course, { dueAt: new Date(Date.now() - 1_000).toISOString() });
    const { id } = await submitted(app, ada, past);
    const client = await watch(id);
    const dueAt = new Date(Date.now() + 3_600_000).toISOString();
    await app.request('PATCH', `/assignments/${past}`, { token: instructor.token, body: { dueAt } });
    await pause(1_100);
    const grader = new Grader();
    const run = await grader.claim(id);
    await grader.tellTest(run, 0, result('later', 'after-due'));
    await waitFor(() => client.events.length === 3);
    expect(client.events[2]?.data).toMatchObject({ name: 'later', stdout: null, hidden: true });
    await grader.record(run, [result('later', 'after-due')]);
  });

  it('loses no test when events are lost, doubled or out of order', async () => {
    const { id } = await submitted(app, ada, assignmentId);
    const client = await watch(id);
    const grader = new Grader();
    const run = await grader.claim(id);
    const tests = Array.from({ length: 30 }, (_, position) => result(`t${position}`));
    const told = tests.map((_, position) => position).filter((position) => position % 7 !== 3);
    for (const position of [...told.toReversed(), ...told]) {
      await grader.tellTest(run, position, result(`t${position}`));
    }
    await grader.record(run, tests);
    await client.ended;
    expect(client.events.filter(({ event }) => event === 'test').map(({ data }) => data['name'])).toEqual(
      tests.map(({ name }) => name),
    );
    const ids = client.events.map((event) => event.id);
    expect(ids).toEqual([...new Set(ids)].toSorted((one, other) => one - other));
  });

  it('ends when it is cancelled, whether it waits or is being graded', async () => {
    for (const isRunning of [false, true]) {
      const { id } = await submitted(app, ada, assignmentId);
      const client = await watch(id);
      const grader = new Grader();
      const run = isRunning ? await grader.claim(id) : null;
      await app.request('POST', `/submissions/${id}/cancel`, { token: ada.token });
      await client.ended;
      expect(client.events.at(-1)).toEqual({
        id: 1_999_999,
        event: 'status',
        data: { status: 'cancelled', verdict: null, score: null, maxScore: null },
      });
      const late =
        run === null ? null : await grader.record(run, [result('one')]).catch((error: unknown) => String(error));
      expect(late).toBe(isRunning ? 'Error: The result was refused.' : null);
    }
  });

  it('ends when Assay fails, without the reason', async () => {
    const { id } = await submitted(app, ada, assignmentId);
    const client = await watch(id);
    const grader = new Grader();
    await grader.fail(await grader.claim(id));
    await client.ended;
    expect(client.events.at(-1)).toMatchObject({
      event: 'status',
      data: { status: 'failed', verdict: 'judge_error', score: null },
    });
    expect(JSON.stringify(client.events)).not.toContain('secret of the operator');
    const runs = async (by: TestUser): Promise<string> =>
      JSON.stringify((await app.request('GET', `/submissions/${id}/runs`, { token: by.token })).body);
    expect(await runs(ada)).not.toContain('secret of the operator');
    expect(await runs(instructor)).toContain('secret of the operator');
  });

  it('follows from one run into the next when it is graded again', async () => {
    const { id } = await submitted(app, ada, assignmentId);
    const grader = new Grader();
    await grader.record(await grader.claim(id), [result('one')]);
    await app.request('POST', `/submissions/${id}/rejudge`, { token: instructor.token });
    const [fresh, back] = [await watch(id), await watch(id, 1_000_001)];
    await waitFor(() => back.events.length === 3 && fresh.events.length === 1);
    await grader.record(await grader.claim(id), [result('one'), result('two')]);
    await Promise.all([fresh.ended, back.ended]);
    const second = [
      '2000000 status queued',
      '2000001 status running',
      '2000002 test one',
      '2000003 test two',
      '2999999 graded graded',
    ];
    expect(inShort(fresh)).toEqual(second);
    expect(inShort(back)).toEqual(['1000002 test one', '1999999 graded graded', ...second]);
  });

  it('works across processes, also where no event comes through', async () => {
    // With SQLite the second process shares nothing but the rows: what it tells is what it sees there.
    const other = await startTestApp({ worker: false, sharing: app });
    try {
      const { id } = await submitted(app, ada, assignmentId);
      const client = await watch(id, undefined, ada, other);
      await waitFor(() => client.events.length === 1);
      const grader = new Grader();
      const run = await grader.claim(id);
      await waitFor(() => client.events.length === 2, { until: 'the other process noticed that it runs' });
      await grader.tellTest(run, 0, result('one'));
      if (e2eBackend() === 'mariadb') await waitFor(() => client.events.length === 3);
      await grader.record(run, [result('one'), result('two')]);
      await client.ended;
      expect(inShort(client).slice(2)).toEqual(['1000002 test one', '1000003 test two', '1999999 graded graded']);
    } finally {
      await other.close();
    }
  });

  it('allows each user twenty at a time, and again when one has gone', async () => {
    const { id } = await submitted(app, ada, assignmentId);
    for (let number = 0; number < 20; number += 1) await watch(id);
    const refused = await app.request('GET', `/submissions/${id}/events`, { token: ada.token });
    expectProblem(refused, 429, 'too_many_streams');
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    await watch(id, undefined, instructor);
    clients[0]?.leave();
    await waitFor(async () => {
      const next = await follow(app, ada, id);
      clients.push(next);
      return next.status === 200;
    });
  });

  it('ends with the process, without holding it up', async () => {
    const other = await startTestApp({ worker: false, sharing: app });
    const { id } = await submitted(app, ada, assignmentId);
    const client = await watch(id, undefined, ada, other);
    await waitFor(() => client.events.length === 1);
    const start = performance.now();
    await Promise.all([other.close(), client.ended]);
    expect(performance.now() - start).toBeLessThan(4_000);
    expect(client.events).toHaveLength(1);
  });

  it('needs signing in', async () => {
    const { id } = (await submit(app, ada, assignmentId)).body;
    expectProblem(await app.request('GET', `/submissions/${id}/events`), 401, 'unauthenticated');
    const head = await app.request('HEAD', `/submissions/${id}/events`, { token: ada.token });
    expect(head.status).toBe(200);
  });
});
