import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { expectProblem } from '../support/expect-problem.js';
import { startFreezableDatabase } from '../support/freezable-database.js';
import { freePort, ProgramProcess } from '../support/program-process.js';
import { createTemporaryDatabase } from '../support/temporary-database.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';
import { e2eBackend, startTestApp, type TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

const started: ProgramProcess[] = [];
function start(program: 'main' | 'worker', variables: Readonly<Record<string, string | undefined>>): ProgramProcess {
  const running = ProgramProcess.start(program, variables);
  started.push(running);
  onTestFailed(() => {
    process.stderr.write(`The log of ${program}:\n${running.log}\n`);
  });
  return running;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.kill()));
});

const READY = 'Ready to grade';
const grading = {
  runtime: 'python',
  limits: { wallMs: 60_000 },
  tests: [{ kind: 'program', name: 'prints', points: 1, expect: { stdout: '3' } }],
};
const sleeping = (seconds: number) => ({ files: { 'main.py': `import time\ntime.sleep(${seconds})\nprint(3)\n` } });

async function isRunning(room: Classroom, { id }: ShownSubmission): Promise<void> {
  await waitFor(async () => (await room.look(id)).status === 'running', {
    until: 'it is being graded',
    timeoutMs: 30_000,
  });
}

const runsOf = async (room: Classroom, id: string): Promise<readonly { readonly status: string }[]> => {
  const { token } = room.instructor;
  return (await room.app.request<{ items: { status: string }[] }>('GET', `/submissions/${id}/runs`, { token })).body
    .items;
};

function severalProcesses(): void {
  let app: TestApp;
  let room: Classroom;
  let variables: Readonly<Record<string, string | undefined>>;

  beforeAll(async () => {
    app = await startTestApp({ worker: false, variables: { GRADING_LEASE_MS: '3000' } });
    room = await Classroom.open(app);
    variables = { ...app.variables, WORKER_CONCURRENCY: '1', LOG_LEVEL: 'info' };
  });
  afterAll(() => app.close());

  it('a killed worker: another grades the submission, once', async () => {
    const first = start('worker', variables);
    const submission = await room.submit(await room.assign(grading), sleeping(2));
    await isRunning(room, submission);
    await first.kill();
    start('worker', variables);
    const ended = await room.ended(submission.id);
    expect(ended).toMatchObject({ status: 'graded', verdict: 'accepted', score: 1 });
    expect(ended.tests).toHaveLength(1);
    expect(await runsOf(room, submission.id)).toMatchObject([{ status: 'graded' }]);
  });

  it('a worker that comes back from the dead: its stale result is refused and counted', async () => {
    const port = await freePort();
    const frozen = start('worker', { ...variables, WORKER_HEALTH_PORT: String(port) });
    await frozen.logged(READY);
    const submission = await room.submit(await room.assign(grading), sleeping(1));
    await isRunning(room, submission);
    frozen.signal('SIGSTOP');
    const other = start('worker', variables);
    const ended = await room.ended(submission.id);
    await other.kill();
    frozen.signal('SIGCONT');
    await waitFor(
      async () =>
        (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).includes('assay_stale_results_total 1'),
      { until: 'the stale result was counted', timeoutMs: 30_000 },
    );
    expect(await room.look(submission.id)).toEqual(ended);
    expect(ended).toMatchObject({ status: 'graded', verdict: 'accepted' });
  });

  it('a worker that is told to stop finishes what it grades, takes nothing more, and exits with 0', async () => {
    const worker = start('worker', variables);
    const [first, second] = [
      await room.submit(await room.assign(grading), sleeping(2)),
      await room.submit(await room.assign(grading), sleeping(0)),
    ];
    await isRunning(room, first);
    worker.signal('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0, signal: null });
    expect(await room.look(first.id)).toMatchObject({ status: 'graded', verdict: 'accepted' });
    expect(await room.look(second.id)).toMatchObject({ status: 'queued' });
    start('worker', variables);
    expect(await room.ended(second.id)).toMatchObject({ status: 'graded', verdict: 'accepted' });
  });

  it('a worker that is told to stop hands back what does not end in time', async () => {
    const worker = start('worker', variables);
    const submission = await room.submit(await room.assign(grading), sleeping(40));
    await isRunning(room, submission);
    worker.signal('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0, signal: null });
    expect(await room.look(submission.id)).toMatchObject({ status: 'queued', startedAt: null });
    const { token } = room.student;
    expect((await app.request('POST', `/submissions/${submission.id}/cancel`, { token })).status).toBeLessThan(300);
  });

  it('an API that is killed in the middle of a request: its repetition elsewhere is served soon, and made once', async () => {
    const port = await freePort();
    const api = start('main', { ...variables, ASSAY_ROLE: 'api', PORT: String(port), LOG_LEVEL: 'info' });
    await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok, {
      until: 'the API is ready',
      timeoutMs: 40_000,
    });
    const assignmentId = await room.assign(grading);
    const { token, id: userId } = room.student;
    const path = `/assignments/${assignmentId}/submissions`;
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': 'cut short' },
      body: JSON.stringify({ files: [{ path: 'main.py', content: 'print(3)\n' }] }),
    };
    const dataSource = app.app.get(DataSource, { strict: false });
    const holder = dataSource.createQueryRunner();
    try {
      // Whoever hands in waits for this row, and the request stands in the middle of its transaction.
      await holder.startTransaction();
      await holder.query('SELECT id FROM enrolments WHERE userId = ? FOR UPDATE', [userId]);
      const cut = fetch(`http://127.0.0.1:${port}/api/v1${path}`, request).then(
        ({ status }) => status,
        () => 'cut',
      );
      await waitFor(
        async () =>
          (await dataSource.query<unknown[]>("SELECT id FROM idempotency_keys WHERE `key` = 'cut short'")).length > 0,
        { until: 'the request has its key', timeoutMs: 30_000 },
      );
      await api.kill();
      expect(await cut).not.toBe(202);
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
    const again = () => fetch(`${app.url}/api/v1${path}`, request);
    // A minute, if only time told that nobody is at work on it any more.
    const accepted = await waitFor(
      async () => {
        const response = await again();
        return response.status === 202 ? ((await response.json()) as ShownSubmission) : null;
      },
      { until: 'the repetition is served', timeoutMs: 30_000, pollEveryMs: 200 },
    );
    expect(await (await again()).json()).toMatchObject({ id: accepted.id });
    const { body } = await app.request<{ items: ShownSubmission[] }>('GET', path, { token });
    expect(body.items.map(({ id }) => id)).toEqual([accepted.id]);
  }, 120_000);

  it('a database that freezes: nobody hangs, what was graded meanwhile is stored, nothing is lost or made twice', async () => {
    const database = await startFreezableDatabase('mariadb');
    let own: TestApp | undefined;
    try {
      // Nothing may be taken over meanwhile: whatever is graded is graded by its first worker.
      own = await startTestApp({
        worker: false,
        variables: { DATABASE_URL: database.url, GRADING_LEASE_MS: '60000' },
      });
      const { variables: ownVariables } = own;
      const classroom = await Classroom.open(own);
      const assignmentId = await classroom.assign(grading);
      const worker = start('worker', { ...ownVariables, WORKER_CONCURRENCY: '2', LOG_LEVEL: 'info' });
      await worker.logged(READY);
      // From then on the worker has the assignment by heart, and asks the database for nothing until there is a result.
      await classroom.ended((await classroom.submit(assignmentId, sleeping(0))).id);
      const underWay = await classroom.submit(assignmentId, sleeping(6));
      await isRunning(classroom, underWay);
      await database.freeze();
      const { token } = classroom.student;
      const files = Object.entries(sleeping(0).files).map(([path, content]) => ({ path, content }));
      const handIn = (key: number) =>
        classroom.app.request<{ id: string }>('POST', `/assignments/${assignmentId}/submissions`, {
          token,
          body: { files },
          headers: { 'idempotency-key': `work ${key}` },
        });
      const keys = Array.from({ length: 6 }, (_, key) => key);
      for (const response of await Promise.all(keys.map(handIn))) {
        expectProblem(response, 503, 'database_unavailable');
      }
      await worker.logged('A result could not be stored yet');
      database.thaw();
      const accepted = await Promise.all(
        keys.map((key) =>
          waitFor(
            async () => {
              const response = await handIn(key);
              return response.status === 202 ? response.body.id : null;
            },
            { until: `work ${key} is accepted`, timeoutMs: 90_000, pollEveryMs: 200 },
          ),
        ),
      );
      for (const id of [underWay.id, ...accepted]) {
        expect(await classroom.ended(id)).toMatchObject({ status: 'graded', verdict: 'accepted', score: 1 });
        expect(await runsOf(classroom, id)).toHaveLength(1);
      }
      const { body } = await own.request<{ items: { id: string }[] }>(
        'GET',
        `/assignments/${assignmentId}/submissions?limit=100`,
        { token },
      );
      expect(body.items.map(({ id }) => id)).toEqual(expect.arrayContaining([underWay.id, ...accepted]));
      expect(body.items).toHaveLength(keys.length + 2);
      expect(worker.log).not.toContain('A stale result');
      await worker.kill();
    } finally {
      await own?.close();
      await database.remove();
    }
  }, 240_000);

  it('a worker tells its health on its own port', async () => {
    const port = await freePort();
    const worker = start('worker', { ...variables, WORKER_HEALTH_PORT: String(port) });
    await worker.logged(READY);
    const url = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ready' });
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/api/v1/users`)).status).toBe(404);
    // The API, which grades nothing itself, tells what the worker reported.
    const { token } = room.student;
    const { body } = await app.request<{ items: { key: string; available: boolean }[] }>('GET', '/runtimes', { token });
    expect(body.items[0]).toMatchObject({ key: 'python', available: true });
  });

  it.each(['main', 'worker'] as const)('%s apart from the other refuses to start without Redis', async (program) => {
    const end = await ProgramProcess.run(program, { ...variables, ASSAY_ROLE: 'api', REDIS_URL: undefined });
    expect(end.code).toBe(1);
    expect(end.stderr.trim().split('\n')).toHaveLength(1);
    expect(end.stderr).toContain('REDIS_URL is required');
  });

  it('a database that lacks migrations: refused with the command to run, which works, twice', async () => {
    const database = await createTemporaryDatabase('mariadb');
    try {
      const fresh = { ...variables, DATABASE_URL: database.url };
      const refused = await ProgramProcess.run('worker', fresh);
      expect(refused.code).toBe(1);
      expect(refused.stderr.trim().split('\n')).toHaveLength(1);
      expect(refused.stderr).toContain('npm run migrate');
      const migrations = await Promise.all([
        ProgramProcess.run('migrate', fresh),
        ProgramProcess.run('migrate', fresh),
      ]);
      expect(migrations.map(({ code }) => code)).toEqual([0, 0]);
      expect(migrations.map(({ stdout }) => stdout).join('')).toContain('ran ');
      expect((await ProgramProcess.run('migrate', fresh)).stdout).toContain('nothing to do');
    } finally {
      await database.drop();
    }
  });
}

function oneProcess(): void {
  it('a killed process: after its restart it grades what it had accepted, once', async () => {
    const folder = await createTemporaryFolder();
    const port = await freePort();
    const email = 'first-admin@example.org';
    const password = 'correct horse battery 1';
    const variables = {
      PORT: String(port),
      DATABASE_URL: `sqlite:${folder.path}/assay.db`,
      STORAGE_URL: `file:${folder.path}/files`,
      ADMIN_EMAIL: email,
      ADMIN_PASSWORD: password,
      GRADING_LEASE_MS: '3000',
      WORKER_CONCURRENCY: '1',
      RATE_LIMITS: 'off',
    };
    const api = `http://127.0.0.1:${port}/api/v1`;
    const call = async <Body>(method: string, path: string, body?: object, token?: string): Promise<Body> => {
      const headers = {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const response = await fetch(api + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Body;
    };
    try {
      const first = start('main', variables);
      await first.logged(READY);
      const { accessToken: token } = await call<{ accessToken: string }>('POST', '/auth/login', { email, password });
      const course = await call<{ id: string }>(
        'POST',
        '/courses',
        { code: 'CS1', title: 'Programming', status: 'published' },
        token,
      );
      const assignment = await call<{ id: string }>(
        'POST',
        `/courses/${course.id}/assignments`,
        { title: 'Three', status: 'published', grading },
        token,
      );
      const files = Object.entries(sleeping(1).files).map(([path, content]) => ({ path, content }));
      const submissions: ShownSubmission[] = [];
      for (let count = 0; count < 3; count += 1) {
        submissions.push(await call('POST', `/assignments/${assignment.id}/submissions`, { files }, token));
      }
      const look = (id: string): Promise<ShownSubmission> => call('GET', `/submissions/${id}`, undefined, token);
      await waitFor(async () => (await look(submissions[0]?.id ?? '')).status === 'running', { until: 'one runs' });
      await first.kill();
      start('main', variables);
      for (const { id } of submissions) {
        const ended = await waitFor(
          async () => {
            const submission = await look(id);
            return submission.status === 'graded' ? submission : null;
          },
          { until: 'it is graded after the restart', timeoutMs: 40_000 },
        );
        expect(ended).toMatchObject({ verdict: 'accepted', score: 1 });
        expect(ended.tests).toHaveLength(1);
      }
    } finally {
      await Promise.all(started.splice(0).map((process) => process.kill()));
      await folder.remove();
    }
  });
}

if (e2eBackend() === 'sqlite') describe('one process', oneProcess);
else describe('several processes', severalProcesses);
