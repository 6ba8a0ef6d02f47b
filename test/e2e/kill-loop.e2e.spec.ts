import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFailed } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { GradingRun } from '../../src/submissions/grading-run.entity.js';
import { MOST_CLAIMS } from '../../src/submissions/grading-runs.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { TestResult } from '../../src/submissions/test-result.entity.js';
import { GRADING_ENTITIES } from '../support/grading-rows.js';
import { freePort, ProgramProcess } from '../support/program-process.js';
import { createTemporaryDatabase } from '../support/temporary-database.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';
import { e2eBackend } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

/** An API takes seconds to be back, and all is one process on SQLite; TEST_KILLS asks for more. */
const KILLS = Number(process.env['TEST_KILLS'] ?? (e2eBackend() === 'sqlite' ? 6 : 12));
const CLIENTS = 3;
const email = 'first-admin@example.org';
const password = 'correct horse battery 1';
const grading = {
  runtime: 'python',
  tests: [1, 2].map((number) => ({ kind: 'program', name: `test ${number}`, points: 1, expect: { stdout: '3' } })),
};
const work = { files: [{ path: 'main.py', content: 'import time\ntime.sleep(0.1)\nprint(3)\n' }] };

type Variables = Readonly<Record<string, string>>;

/** The processes of one installation, each killed and started again at will. */
class Installation {
  private readonly running = new Map<'main' | 'worker', ProgramProcess>();
  log = '';

  constructor(private readonly variables: Variables) {}

  start(program: 'main' | 'worker'): void {
    this.running.set(program, ProgramProcess.start(program, this.variables));
  }

  async killOne(): Promise<void> {
    const programs = [...this.running.keys()];
    const program = programs[Math.floor(Math.random() * programs.length)] ?? 'main';
    await this.end(program);
    this.start(program);
  }

  async end(program: 'main' | 'worker'): Promise<void> {
    const ended = this.running.get(program);
    await ended?.kill();
    this.log += ended?.log ?? '';
    this.running.delete(program);
  }
}

class Client {
  readonly accepted: string[] = [];
  private token = '';
  private assignmentId = '';

  constructor(private readonly url: string) {}

  async open(): Promise<void> {
    const session = await this.call<{ accessToken: string }>('/auth/login', { email, password });
    this.token = session.accessToken;
    const course = await this.call<{ id: string }>('/courses', { code: 'CS1', title: 'Kills', status: 'published' });
    const body = { title: 'Three', status: 'published', grading };
    this.assignmentId = (await this.call<{ id: string }>(`/courses/${course.id}/assignments`, body)).id;
  }

  /** Hands in again and again; what was not answered with 202 was not accepted. */
  async handIn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.accepted.push((await this.call<{ id: string }>(`/assignments/${this.assignmentId}/submissions`, work)).id);
      } catch {
        // The API was killed under this request, or is not back yet.
      }
      await pause(250);
    }
  }

  async isLive(): Promise<boolean> {
    return (await fetch(`${this.url}/health/live`)).ok;
  }

  private async call<Body>(path: string, body: object): Promise<Body> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }
}

describe('an installation whose processes are killed again and again', () => {
  it('grades every accepted submission, and each once', { timeout: 90_000 + KILLS * 10_000 }, async () => {
    const [database, folder, port] = [await createTemporaryDatabase(), await createTemporaryFolder(), await freePort()];
    const redis = new Redis(process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379', { lazyConnect: true });
    const prefix = `{assay-test-${randomBytes(6).toString('hex')}}`;
    const isOneProcess = e2eBackend() === 'sqlite';
    const variables: Variables = {
      PORT: String(port),
      DATABASE_URL: database.url,
      STORAGE_URL: `file:${folder.path}/files`,
      JWT_SECRET: randomBytes(48).toString('base64'),
      ADMIN_EMAIL: email,
      ADMIN_PASSWORD: password,
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
      GRADING_LEASE_MS: '1000',
      WORKER_CONCURRENCY: '2',
      ...(isOneProcess
        ? {}
        : {
            ASSAY_ROLE: 'api',
            REDIS_URL: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379',
            REDIS_PREFIX: prefix,
          }),
    };
    expect((await ProgramProcess.run('migrate', variables)).code).toBe(0);
    const installation = new Installation(variables);
    onTestFailed(() => {
      process.stderr.write(`The log of the killed:\n${installation.log}\n`);
    });
    const dataSource = createDataSource(parseEnvironment(variables), [...GRADING_ENTITIES]);
    const over = new AbortController();
    try {
      const client = new Client(`http://127.0.0.1:${port}`);
      installation.start('main');
      if (!isOneProcess) installation.start('worker');
      await waitFor(() => client.isLive(), { until: 'the API is live' });
      await client.open();
      const clients = Array.from({ length: CLIENTS }, () => client.handIn(over.signal));
      for (let kill = 0; kill < KILLS; kill += 1) {
        await waitFor(() => client.isLive(), { until: 'the API is live again' });
        await pause(Math.random() * 1_000);
        await installation.killOne();
      }
      await waitFor(() => client.isLive(), { until: 'the API is live after the last kill' });
      over.abort();
      await Promise.all(clients);

      await dataSource.initialize();
      const { manager } = dataSource;
      await waitFor(async () => (await manager.count(OutboxMessage)) === 0, {
        until: 'nothing waits any more',
        timeoutMs: 60_000,
        pollEveryMs: 200,
      });
      const [submissions, runs, results] = [
        await manager.find(Submission),
        await manager.find(GradingRun),
        await manager.find(TestResult),
      ];
      const stored = new Map(submissions.map((submission) => [submission.id, submission]));
      expect(client.accepted.length).toBeGreaterThan(0);
      expect(client.accepted.filter((id) => !stored.has(id))).toEqual([]);
      expect(runs.map(({ submissionId }) => submissionId).toSorted()).toEqual([...stored.keys()].toSorted());
      for (const { id, submissionId, status, claims } of runs) {
        const positions = results.filter(({ runId }) => runId === id).map(({ position }) => position);
        const graded = status === 'graded';
        expect(positions.toSorted((one, other) => one - other)).toEqual(graded ? [0, 1] : []);
        expect(stored.get(submissionId)).toMatchObject(
          graded
            ? { status, verdict: 'accepted', score: 2 }
            : { status: 'failed', verdict: 'judge_error', score: null },
        );
        // Given up only where it was killed as often as a program that kills its grader would be.
        expect(graded || claims === MOST_CLAIMS).toBe(true);
      }
    } finally {
      over.abort();
      await Promise.all([installation.end('main'), installation.end('worker')]);
      if (dataSource.isInitialized) await dataSource.destroy();
      await Promise.all([database.drop(), folder.remove()]);
      if (!isOneProcess) {
        const keys = await redis.keys(`${prefix.replaceAll(/[{}]/g, '?')}*`);
        if (keys.length > 0) await redis.unlink(keys);
      }
      redis.disconnect();
    }
  });
});
