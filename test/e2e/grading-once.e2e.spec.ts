import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GradingQueue } from '../../src/queue/grading-queue.js';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

let app: TestApp;
let classroom: Classroom;

beforeAll(async () => {
  app = await startTestApp();
  classroom = await Classroom.open(app);
});
afterAll(() => app.close());

interface ShownRun {
  readonly id: string;
  readonly status: string;
}

async function runsOf({ id }: Pick<ShownSubmission, 'id'>): Promise<readonly ShownRun[]> {
  const { token } = classroom.instructor;
  const { body } = await app.request<{ items: ShownRun[] }>('GET', `/submissions/${id}/runs`, { token });
  return body.items;
}

const slowly = { files: { 'main.py': 'import time\ntime.sleep(0.5)\nprint(3)\n' } };
const grading = { runtime: 'python', tests: [{ kind: 'program', name: 'prints', points: 1, expect: { stdout: '3' } }] };

describe('a submission', () => {
  it('has one result however often its run is delivered', async () => {
    const queue = app.app.get(GradingQueue, { strict: false });
    const submission = await classroom.submit(await classroom.assign(grading), slowly);
    const [run] = await runsOf(submission);
    if (run === undefined) throw new Error('The submission has no grading run.');
    // While it waits, while it runs, and after it has ended.
    for (let delivery = 0; delivery < 20; delivery += 1) {
      await queue.publish(run.id);
      await waitFor(() => true, { pollEveryMs: 20 });
    }
    const ended = await classroom.ended(submission.id);
    await queue.publish(run.id);
    await waitFor(async () => (await queue.waiting()) === 0, { until: 'the queue is empty' });
    expect(await classroom.look(submission.id)).toEqual(ended);
    expect(ended).toMatchObject({ status: 'graded', verdict: 'accepted', score: 1 });
    expect(ended.tests).toHaveLength(1);
    expect(await runsOf(submission)).toHaveLength(1);
  });

  it('is graded with many others at the same time, each with its own result', async () => {
    const assignmentId = await classroom.assign({
      runtime: 'python',
      tests: [{ kind: 'program', name: 'prints', points: 1, expect: { stdout: '3' } }],
    });
    const answers = [3, 4, 3, 5, 3, 6, 3, 7];
    const submitted = await Promise.all(
      answers.map((answer) => classroom.submit(assignmentId, { files: { 'main.py': `print(${answer})\n` } })),
    );
    const ended = await Promise.all(submitted.map(({ id }) => classroom.ended(id)));
    expect(ended.map(({ verdict }) => verdict)).toEqual(
      answers.map((answer) => (answer === 3 ? 'accepted' : 'wrong_answer')),
    );
  });

  it('stops within two seconds when it is cancelled while it runs', async () => {
    const assignmentId = await classroom.assign({ ...grading, limits: { wallMs: 60_000 } });
    const { id } = await classroom.submit(assignmentId, { files: { 'main.py': 'import time\ntime.sleep(50)\n' } });
    await waitFor(async () => (await classroom.look(id)).status === 'running', { until: 'it runs' });
    const { token } = classroom.student;
    const cancelled = await app.request('POST', `/submissions/${id}/cancel`, { token });
    expect(cancelled.status).toBeLessThan(300);
    const startedAt = performance.now();
    const hasEnded = async (): Promise<boolean> =>
      (await app.request<string>('GET', '/metrics')).body.includes('assay_grading_runs_total{outcome="cancelled"} 1');
    await waitFor(hasEnded, { until: 'the worker has let go of it' });
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(await classroom.look(id)).toMatchObject({ status: 'cancelled', score: null });
  });
});

describe('without a usable sandbox', () => {
  it('submissions are accepted and wait, and health and /runtimes say so', async () => {
    const lame = await startTestApp({ variables: { SANDBOX: 'oci', SANDBOX_RUNTIME: '/nowhere/runc' } });
    try {
      const room = await Classroom.open(lame);
      const { id } = await room.submit(await room.assign(grading), slowly);
      const ready = await waitFor(
        async () => {
          const response = await lame.request('GET', '/health/ready');
          return response.status === 503 ? response : null;
        },
        { until: 'the process says that it is not ready' },
      );
      expect(ready.body).toMatchObject({ code: 'not_ready', detail: expect.stringContaining('grading') });
      expect((await lame.request('GET', '/health/live')).status).toBe(200);
      const { token } = room.student;
      const runtimes = await lame.request<{ items: { available: boolean }[] }>('GET', '/runtimes', { token });
      expect(runtimes.body).toMatchObject({ sandbox: { driver: 'none' } });
      expect(runtimes.body.items.every(({ available }) => !available)).toBe(true);
      expect(await room.look(id)).toMatchObject({ status: 'queued' });
    } finally {
      await lame.close();
    }
  });
});
