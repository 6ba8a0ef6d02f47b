import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { Classroom } from '../support/classroom.js';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { freePort, ProgramProcess } from '../support/program-process.js';
import { e2eBackend, startTestApp, type TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

interface ShownWorker {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly since: string;
  readonly wish: string;
  readonly reason: string | null;
  readonly concurrency: number;
  readonly grading: readonly { readonly runId: string; readonly submissionId: string; readonly since: string }[];
  readonly runtimes: readonly { readonly key: string; readonly available: boolean }[];
  readonly sandbox: { readonly driver: string } | null;
}

interface ShownPage {
  readonly items: readonly ShownWorker[];
  readonly nextCursor: string | null;
}

const grading = {
  runtime: 'python',
  limits: { wallMs: 60_000 },
  tests: [{ kind: 'program', name: 'prints', points: 1, expect: { stdout: '3' } }],
};
const sleeping = (seconds: number) => ({ files: { 'main.py': `import time\ntime.sleep(${seconds})\nprint(3)\n` } });

async function listed(app: TestApp): Promise<readonly ShownWorker[]> {
  const { token } = await app.admin();
  const response = await app.request<ShownPage>('GET', '/workers', { token });
  expect(response.status).toBe(200);
  return response.body.items;
}

const inState = (app: TestApp, state: string, name?: string): Promise<ShownWorker> =>
  waitFor(
    async () => (await listed(app)).find((one) => one.state === state && (name === undefined || one.name === name)),
    { until: `a worker is ${state}`, timeoutMs: 40_000, pollEveryMs: 100 },
  );

async function steer(app: TestApp, { id }: Pick<ShownWorker, 'id'>, verb: string): Promise<ShownWorker> {
  const { token } = await app.admin();
  const response = await app.request<ShownWorker>('POST', `/workers/${id}/${verb}`, { token });
  expect(response.status).toBe(202);
  return response.body;
}

describe('the workers', () => {
  let app: TestApp;
  let room: Classroom;
  let assignmentId: string;

  beforeAll(async () => {
    app = await startTestApp({ variables: { WORKER_CONCURRENCY: '1' } });
    room = await Classroom.open(app);
    assignmentId = await room.assign(grading);
  });
  afterAll(() => app.close());

  const isRunning = (id: string): Promise<true> =>
    waitFor(async () => (await room.look(id)).status === 'running', { until: 'it is being graded', timeoutMs: 30_000 });

  it('are shown to administrators, and to nobody else', async () => {
    const worker = await inState(app, 'idle');
    expect(worker).toMatchObject({ concurrency: 1, wish: 'run', reason: null, grading: [], version: '0.1.0' });
    expect(worker.name).toMatch(/\S/);
    expect(worker.runtimes).toContainEqual(expect.objectContaining({ key: 'python', available: true }));
    expect(worker.sandbox?.driver).toMatch(/bubblewrap|oci/);
    const { token } = await app.admin();
    const one = await app.request<ShownWorker>('GET', `/workers/${worker.id}`, { token });
    expect(one.body).toMatchObject({ id: worker.id, state: 'idle' });
    const nowhere = '/workers/01900000-0000-7000-8000-000000000000';
    const paths: [string, string][] = [
      ['GET', '/workers'],
      ['GET', `/workers/${worker.id}`],
      ['GET', nowhere],
      ...['pause', 'drain', 'resume'].map((verb): [string, string] => ['POST', `/workers/${worker.id}/${verb}`]),
    ];
    for (const [method, path] of paths) {
      expectProblem(await app.request(method, path), 401, 'unauthenticated');
      for (const user of [room.student, room.instructor]) {
        const response = await app.request(method, path, { token: user.token });
        expectProblem(response, 403, 'forbidden');
        expect(JSON.stringify(response.body)).not.toContain(worker.name);
      }
    }
    for (const [method, path] of [
      ['GET', nowhere],
      ['POST', `${nowhere}/pause`],
      ['POST', '/workers/no-id/drain'],
    ] as const) {
      expectProblem(await app.request(method, path, { token }), 404, 'not_found');
    }
    expectInvalid(await app.request('GET', '/workers?limit=0', { token }), 'limit');
    expect(await inState(app, 'idle')).toMatchObject({ wish: 'run' });
  });

  it('that are paused end what they grade and take nothing more until they are resumed, and stay ready', async () => {
    const first = await room.submit(assignmentId, sleeping(4));
    await isRunning(first.id);
    const running = await inState(app, 'running');
    expect(running.grading).toMatchObject([{ submissionId: first.id }]);
    expect(await steer(app, running, 'pause')).toMatchObject({ wish: 'pause' });
    expect(await steer(app, running, 'pause')).toMatchObject({ wish: 'pause' });
    await inState(app, 'paused');
    const second = await room.submit(assignmentId, sleeping(0));
    expect(await room.ended(first.id)).toMatchObject({ status: 'graded', verdict: 'accepted' });
    // Its slot is free now. Long enough for whoever would take the next one.
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      expect(await room.look(second.id)).toMatchObject({ status: 'queued', startedAt: null });
      await pause(100);
    }
    expect((await app.request('GET', '/health/ready')).status).toBe(200);
    expect(await inState(app, 'paused')).toMatchObject({ grading: [], wish: 'pause' });
    expect(await steer(app, running, 'resume')).toMatchObject({ wish: 'run' });
    expect(await room.ended(second.id)).toMatchObject({ status: 'graded', verdict: 'accepted' });
    await inState(app, 'idle');
  });

  it('that are drained say when they have ended everything; the API beside them serves on', async () => {
    const first = await room.submit(assignmentId, sleeping(10));
    await isRunning(first.id);
    await steer(app, await inState(app, 'running'), 'drain');
    expect(await inState(app, 'draining')).toMatchObject({ grading: [{ submissionId: first.id }] });
    const second = await room.submit(assignmentId, sleeping(0));
    const drained = await inState(app, 'drained');
    expect(drained.grading).toEqual([]);
    expect((await room.look(first.id)).status).toBe('graded');
    expect((await room.look(second.id)).status).toBe('queued');
    const ready = await app.request<{ checks: object[] }>('GET', '/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body.checks).toContainEqual({ name: 'worker', up: false, essential: false });
    await steer(app, drained, 'resume');
    expect((await room.ended(second.id)).status).toBe('graded');
  });
});

function severalProcesses(): void {
  it('a worker of its own: paused beyond its restart where it has a name, drained until it is stopped', async () => {
    const [app, port] = [await startTestApp({ worker: false }), await freePort()];
    const other = await startTestApp({ worker: false, sharing: app });
    const started: ProgramProcess[] = [];
    onTestFailed(() => {
      for (const { log } of started) process.stderr.write(`The log of a worker:\n${log}\n`);
    });
    const start = (): ProgramProcess => {
      const worker = ProgramProcess.start('worker', {
        ...app.variables,
        WORKER_NAME: 'grader-1',
        WORKER_HEALTH_PORT: String(port),
        LOG_LEVEL: 'info',
      });
      started.push(worker);
      return worker;
    };
    try {
      const room = await Classroom.open(app);
      const assignmentId = await room.assign(grading);
      const first = start();
      await steer(app, await inState(app, 'idle', 'grader-1'), 'pause');
      await inState(app, 'paused', 'grader-1');
      first.signal('SIGTERM');
      expect(await first.ended).toMatchObject({ code: 0 });
      expect(await listed(app)).toMatchObject([{ name: 'grader-1', state: 'stopped', wish: 'pause' }]);

      const { id } = await room.submit(assignmentId, sleeping(0));
      const second = start();
      // The other API knows of it as well: nothing of this lies in a process, or in Redis.
      const paused = await inState(other, 'paused', 'grader-1');
      expect(await listed(other)).toHaveLength(1);
      expect((await room.look(id)).status).toBe('queued');
      await steer(other, paused, 'resume');
      expect((await room.ended(id)).status).toBe('graded');

      await steer(app, paused, 'drain');
      await inState(app, 'drained', 'grader-1');
      const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.text()).toContain('may be stopped');
      second.signal('SIGTERM');
      expect(await second.ended).toMatchObject({ code: 0 });
      expect(await listed(app)).toEqual([]);
      start();
      expect(await inState(app, 'idle', 'grader-1')).toMatchObject({ wish: 'run' });
    } finally {
      await Promise.all(started.map((worker) => worker.kill()));
      await other.close();
      await app.close();
    }
  }, 150_000);
}

if (e2eBackend() === 'mariadb') describe('workers apart from the API', severalProcesses);
