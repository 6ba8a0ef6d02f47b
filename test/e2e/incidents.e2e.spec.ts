import { describe, expect, it, onTestFailed } from 'vitest';
import { Transactions } from '../../src/database/transactions.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { Classroom } from '../support/classroom.js';
import { expectProblem } from '../support/expect-problem.js';
import { ProgramProcess } from '../support/program-process.js';
import { e2eBackend, startTestApp, type TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

interface ShownIncident {
  readonly runId: string;
  readonly submissionId: string;
  readonly assignmentId: string;
  readonly assignmentTitle: string;
  readonly studentName: string;
  readonly attempt: number;
  readonly tries: number;
  readonly failure: string | null;
  readonly failedAt: string | null;
}

const grading = {
  runtime: 'python',
  limits: { wallMs: 60_000 },
  tests: [{ kind: 'program', name: 'prints', points: 1, expect: { stdout: '3' } }],
};
const right = { files: { 'main.py': 'print(3)\n' } };
const slow = { files: { 'main.py': 'import time\ntime.sleep(30)\nprint(3)\n' } };

async function assignOnce(app: TestApp, room: Classroom): Promise<string> {
  const assignmentId = await room.assign(grading);
  const { token } = room.instructor;
  await app.request('PATCH', `/assignments/${assignmentId}`, { token, body: { maxAttempts: 1 } });
  return assignmentId;
}

async function incidentsOf(app: TestApp, { courseId, instructor }: Classroom): Promise<readonly ShownIncident[]> {
  const { token } = instructor;
  const response = await app.request<{ items: ShownIncident[] }>('GET', `/courses/${courseId}/incidents`, { token });
  expect(response.status).toBe(200);
  return response.body.items;
}

const failedRuns = async (app: TestApp): Promise<string | undefined> =>
  /^assay_failed_runs (\S+)$/m.exec((await app.request<string>('GET', '/metrics')).body)?.[1];

describe('what Assay cannot grade', () => {
  it('is told to the staff of the course and to nobody else, until it has been graded again', async () => {
    const app = await startTestApp();
    try {
      const room = await Classroom.open(app);
      const assignmentId = await assignOnce(app, room);
      expect(await incidentsOf(app, room)).toEqual([]);
      // Graded once, so that there is a time at which its runtime can be taken away; then again.
      const { id } = await room.submit(assignmentId, right);
      await room.ended(id);
      const setRuntime = (runtime: string) =>
        app.app.get(Transactions).run((manager) => manager.update(Submission, { id }, { runtime }));
      const rejudge = async (): Promise<void> => {
        const { token } = room.instructor;
        expect((await app.request('POST', `/submissions/${id}/rejudge`, { token, body: {} })).status).toBe(202);
      };
      await setRuntime('cobol');
      await rejudge();
      const [incident] = await waitFor(
        async () => {
          const incidents = await incidentsOf(app, room);
          return incidents.length > 0 && incidents;
        },
        { until: 'it was given up', timeoutMs: 40_000, pollEveryMs: 200 },
      );
      expect(incident).toMatchObject({ submissionId: id, assignmentId, attempt: 1, tries: 3 });
      expect(incident).toMatchObject({ assignmentTitle: 'Assignment 1', studentName: room.student.name });
      expect(incident?.failure).toContain('cobol');
      expect(incident?.failedAt).toMatch(/Z$/);
      expect(await failedRuns(app)).toBe('1');
      expect(await room.look(id)).toMatchObject({ status: 'graded', verdict: 'accepted', score: 1 });

      const path = `/courses/${room.courseId}/incidents`;
      expectProblem(await app.request('GET', path), 401, 'unauthenticated');
      expectProblem(await app.request('GET', path, { token: room.student.token }), 403, 'staff_only');
      const stranger = await Classroom.open(app);
      expect(await incidentsOf(app, stranger)).toEqual([]);
      const nowhere = '/courses/01900000-0000-7000-8000-000000000000/incidents';
      expectProblem(await app.request('GET', nowhere, { token: room.instructor.token }), 404, 'not_found');

      await setRuntime('python');
      await rejudge();
      await waitFor(async () => (await incidentsOf(app, room)).length === 0, {
        until: 'it has been graded again',
        timeoutMs: 40_000,
      });
    } finally {
      await app.close();
    }
  }, 120_000);
});

/** Faults row 23, with workers that die as one does whose program kills it. */
function severalProcesses(): void {
  it('kills its workers three times, and no more: the attempt is given back, and others are graded', async () => {
    const app = await startTestApp({ worker: false, variables: { GRADING_LEASE_MS: '1000' } });
    const workers: ProgramProcess[] = [];
    onTestFailed(() => {
      for (const { log } of workers) process.stderr.write(`The log of a worker:\n${log}\n`);
    });
    const start = (): ProgramProcess => {
      const worker = ProgramProcess.start('worker', { ...app.variables, WORKER_CONCURRENCY: '1', LOG_LEVEL: 'info' });
      workers.push(worker);
      return worker;
    };
    try {
      const room = await Classroom.open(app);
      const assignmentId = await assignOnce(app, room);
      const { id } = await room.submit(assignmentId, slow);
      let lastStart = '';
      for (let kill = 0; kill < 3; kill += 1) {
        const worker = start();
        // Another claim than the one of the worker before, which still stands there.
        lastStart = await waitFor(
          async () => {
            const { status, startedAt } = await room.look(id);
            return status === 'running' && startedAt !== lastStart && startedAt;
          },
          { until: `worker ${kill + 1} grades it`, timeoutMs: 60_000, pollEveryMs: 50 },
        );
        await worker.kill();
      }
      const last = start();
      expect(await room.ended(id)).toMatchObject({ status: 'failed', verdict: 'judge_error', score: null });
      expect(await incidentsOf(app, room)).toMatchObject([{ submissionId: id, tries: 3 }]);
      expect(last.log).toContain('A grading run was given up');
      expect(await failedRuns(app)).toBe('1');
      const next = await room.submit(assignmentId, right);
      expect(await room.ended(next.id)).toMatchObject({ status: 'graded', verdict: 'accepted' });
    } finally {
      await Promise.all(workers.map((worker) => worker.kill()));
      await app.close();
    }
  }, 240_000);
}

if (e2eBackend() === 'mariadb') describe('a submission that kills its grader', severalProcesses);
