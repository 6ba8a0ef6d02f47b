import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Transactions } from '../../src/database/transactions.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { Classroom } from '../support/classroom.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { startTestApp, type TestApp, type TestAppOptions } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

const grading = { runtime: 'python', tests: [{ kind: 'program', name: 'prints', points: 1, expect: { stdout: '3' } }] };
const right = { files: { 'main.py': 'print(3)\n' } };

interface ShownRuntimes {
  readonly items: readonly { readonly key: string; readonly available: boolean }[];
  readonly sandbox: { readonly driver: string; readonly holds: Readonly<Record<string, unknown>> };
}

let scratch: TemporaryFolder;
const apps: TestApp[] = [];
const complaints: string[] = [];
const [folder, temporary] = [process.cwd(), process.env['TMPDIR']];

function keep(...said: unknown[]): void {
  complaints.push(
    said.map((one) => (one instanceof Object ? `${JSON.stringify(one)} ${errorIn(one)}` : String(one))).join(' '),
  );
}

const ignore = (): void => undefined;

/** What an operator would find in the log. */
function listen(): void {
  Logger.overrideLogger({ log: ignore, debug: ignore, verbose: ignore, warn: keep, error: keep, fatal: keep });
}

function errorIn(said: object): string {
  return 'err' in said && said.err instanceof Error ? said.err.message : '';
}

async function start(options: TestAppOptions = {}): Promise<TestApp> {
  const app = await startTestApp(options);
  apps.push(app);
  listen();
  return app;
}

/** Polls quickly: it may be over soon. */
const becomesReady = (app: TestApp, status: number): Promise<Record<string, unknown>> =>
  waitFor(
    async () => {
      const response = await app.request('GET', '/health/ready');
      return response.status === status && response.body;
    },
    { until: `readiness is ${status}`, timeoutMs: 45_000, pollEveryMs: 10 },
  );

async function runtimesOf(app: TestApp, { student }: Classroom): Promise<ShownRuntimes> {
  return (await app.request<ShownRuntimes>('GET', '/runtimes', { token: student.token })).body;
}

beforeEach(async () => {
  scratch = await createTemporaryFolder();
  await chmod(scratch.path, 0o755);
  process.env['TMPDIR'] = scratch.path;
});
afterEach(async () => {
  process.chdir(folder);
  if (temporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = temporary;
  // The last to come shares the first one's database.
  for (const app of apps.splice(0).toReversed()) await app.close();
  await scratch.remove();
  complaints.length = 0;
});

describe('a worker', () => {
  it('takes no work while an essential probe fails, names it, and begins when it holds', async () => {
    // Programs see all of /usr: nobody's data may lie there.
    process.chdir('/usr');
    const app = await start();
    const room = await Classroom.open(app);
    const body = await waitFor(
      async () => {
        const response = await app.request('GET', '/health/ready');
        return String(response.body['detail']).includes('files') && response.body;
      },
      { until: 'the failing probe is named' },
    );
    expect(body).toMatchObject({ code: 'not_ready', detail: expect.stringContaining('grading (files)') });
    const { id } = await room.submit(await room.assign(grading), right);
    const { items, sandbox } = await runtimesOf(app, room);
    expect(items.some(({ available }) => available)).toBe(false);
    expect(sandbox.holds).toMatchObject({ files: false, network: true });
    expect(await room.look(id)).toMatchObject({ status: 'queued', verdict: null });
    expect(complaints.join('\n')).toMatch(
      /files does not hold.*\/usr.*Install Assay, and keep its data, outside of \/usr/,
    );

    process.chdir(folder);
    expect(await room.ended(id)).toMatchObject({ status: 'graded', verdict: 'accepted' });
    await becomesReady(app, 200);
    const later = await waitFor(async () => {
      const shown = await runtimesOf(app, room);
      return shown.sandbox.holds['files'] === true && shown;
    });
    expect(later.sandbox.holds).toMatchObject({ dangerousCalls: true, forkBomb: true, nothingSurvives: true });
    expect(later.items[0]).toMatchObject({ key: 'python', available: true });
  });

  it('whose scratch folder was removed grades what it was given all the same, once it has made another', async () => {
    const app = await start();
    const room = await Classroom.open(app);
    await becomesReady(app, 200);
    // A language of which no sandbox stands by, as it may of the first.
    const assignment = await room.assign({ ...grading, runtime: 'bash' });
    for (const name of await readdir(scratch.path)) await rm(join(scratch.path, name), { recursive: true });
    const { id } = await room.submit(assignment, { files: { 'main.sh': 'echo 3' } });
    expect(await becomesReady(app, 503)).toMatchObject({ detail: expect.stringContaining('grading (sandbox)') });
    expect(await room.ended(id)).toMatchObject({ status: 'graded', verdict: 'accepted', score: 1 });
    await becomesReady(app, 200);
    const log = complaints.join('\n');
    expect(log).toMatch(/The sandbox failed in a test.*was removed while the worker runs.*could not be graded/);
    expect(log).toMatch(/Nothing is graded here.*was removed while the worker runs: keep cleaners .* away/);
  });

  it('without the runtime of a submission fails it as our fault, and gives the attempt back', async () => {
    const accepting = await start({ worker: false });
    const room = await Classroom.open(accepting);
    const assignment = await room.assign(grading);
    const { token } = room.instructor;
    await accepting.request('PATCH', `/assignments/${assignment}`, { token, body: { maxAttempts: 1 } });
    const { id } = await room.submit(assignment, right);
    // As if it had been accepted while another worker told of such a runtime.
    await accepting.app.get(Transactions).run((manager) => manager.update(Submission, { id }, { runtime: 'cobol' }));
    await start({ sharing: accepting, worker: true });
    expect(await room.ended(id)).toMatchObject({ status: 'failed', verdict: 'judge_error', score: null });
    expect(complaints.join('\n')).toMatch(/The runtime cobol is not available to this worker/);
    expect(await room.submit(assignment, right)).toMatchObject({ status: 'queued' });
  });
});
