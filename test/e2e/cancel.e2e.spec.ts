import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

let app: TestApp;
let room: Classroom;

beforeAll(async () => {
  // One slot, so that whatever is graded next has that of the one before.
  app = await startTestApp({ variables: { WORKER_CONCURRENCY: '1' } });
  room = await Classroom.open(app);
});
afterAll(() => app.close());

const grading = {
  runtime: 'python',
  limits: { wallMs: 120_000 },
  tests: [{ kind: 'program', name: 'prints', points: 1, expect: { stdout: '3' } }],
};
const quick = { files: { 'main.py': 'print(3)\n' } };

/** Becomes a program whose command line nobody else has, and which ignores whatever can be ignored. */
const sleeping = (mark: string) => ({
  files: {
    'main.py': [
      'import os, signal',
      'for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):',
      '    signal.signal(number, signal.SIG_IGN)',
      `os.execv('/bin/sleep', ['sleep', '${mark}'])`,
      '',
    ].join('\n'),
  },
});

/** Whether a program with this argument runs, in whatever sandbox. */
async function runs(mark: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.includes(`sleep\0${mark}\0`);
}

const cancel = ({ id }: Pick<ShownSubmission, 'id'>) =>
  app.request<ShownSubmission>('POST', `/submissions/${id}/cancel`, { token: room.student.token });

async function assignTwice(): Promise<string> {
  const assignmentId = await room.assign(grading);
  const { token } = room.instructor;
  const response = await app.request('PATCH', `/assignments/${assignmentId}`, { token, body: { maxAttempts: 2 } });
  expect(response.status).toBe(200);
  return assignmentId;
}

describe('cancelling (faults row 28)', () => {
  it('ends a program that runs, wherever it is, frees its slot, and what waits can be cancelled too', async () => {
    const [mark, assignmentId] = ['3671.0528', await assignTwice()];
    const running = await room.submit(assignmentId, sleeping(mark));
    await waitFor(() => runs(mark), { until: 'the program runs', timeoutMs: 30_000 });
    const waiting = await room.submit(assignmentId, quick);
    const other = await room.submit(await room.assign(grading), quick);

    expect((await cancel(waiting)).body).toMatchObject({ status: 'cancelled', startedAt: null, score: null });
    expect((await cancel(running)).body).toMatchObject({ status: 'cancelled', verdict: null, score: null });
    await waitFor(async () => !(await runs(mark)), { until: 'the program is gone', timeoutMs: 10_000 });
    // The slot is free: with the program in it, this would wait for two minutes.
    expect(await room.ended(other.id, undefined, 20_000)).toMatchObject({ status: 'graded', verdict: 'accepted' });

    expect(await room.look(running.id)).toMatchObject({ status: 'cancelled', verdict: null, tests: [] });
    expect(await room.look(waiting.id)).toMatchObject({ status: 'cancelled', startedAt: null, tests: [] });
    expectProblem(await cancel(running), 409, 'already_finished');
    // What ran could be watched, so it was an attempt; what only waited was none.
    expect((await room.ended((await room.submit(assignmentId, quick)).id)).status).toBe('graded');
    const files = [{ path: 'main.py', content: 'print(3)\n' }];
    const { token } = room.student;
    const third = await app.request('POST', `/assignments/${assignmentId}/submissions`, { token, body: { files } });
    expectProblem(third, 409, 'attempts_exhausted');
  });

  it('many at once: each is cancelled or graded, never both, and all slots come back', async () => {
    const assignmentId = await room.assign(grading);
    const submitted = await Promise.all(Array.from({ length: 12 }, () => room.submit(assignmentId, quick)));
    const answers = await Promise.all(submitted.map(cancel));
    for (const [index, { id }] of submitted.entries()) {
      const { status } = await room.ended(id);
      const answer = answers[index];
      if (answer?.status === 409) expectProblem(answer, 409, 'already_finished');
      expect(status).toBe(answer?.status === 409 ? 'graded' : 'cancelled');
    }
    expect(await room.grade(grading, quick)).toMatchObject({ status: 'graded', verdict: 'accepted' });
  });
});
