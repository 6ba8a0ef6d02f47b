import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { readdir } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import { OutboxMessage } from '../../src/queue/outbox-message.entity.js';
import { FileStorage } from '../../src/storage/file-storage.js';
import { filesKeyOf } from '../../src/submissions/files-key.js';
import { OrphanSweeper } from '../../src/submissions/orphan-sweeper.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { tarGz, zip } from '../support/archives.js';
import {
  addMember,
  createAssignment,
  createCourse,
  GRADING,
  type PageBody,
  RIGHT,
  submit,
  submitted,
  type SubmissionBody,
} from '../support/course-builder.js';
import { expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestResponse, type TestUser } from '../support/test-app.js';

const MIB = 1024 * 1024;
const NOBODY = '01900000-0000-7000-8000-000000000000';
const LONG_AGO = '2020-01-01T00:00:00.000Z';
const FAR_AWAY = '2099-01-01T00:00:00.000Z';

type Course = Awaited<ReturnType<typeof createCourse>>;

let app: TestApp;
let admin: TestUser;
let instructor: TestUser;
let otherInstructor: TestUser;
let assistant: TestUser;
let ada: TestUser;
let bob: TestUser;
let stranger: TestUser;
let course: Course;

beforeAll(async () => {
  // Nothing is graded here: what the limit is for is shown in fair-order.e2e.spec.ts.
  app = await startTestApp({ worker: false, variables: { LIMIT_PENDING_PER_STUDENT: '100000' } });
  admin = await app.admin();
  instructor = await app.createUser({ role: 'instructor' });
  otherInstructor = await app.createUser({ role: 'instructor' });
  assistant = await app.createUser();
  ada = await app.createUser();
  bob = await app.createUser();
  stranger = await app.createUser();
});

afterAll(async () => {
  await app?.close();
});

beforeEach(async () => {
  course = await createCourse(app, instructor);
  await addMember(app, course, assistant, 'assistant');
  await addMember(app, course, ada);
  await addMember(app, course, bob);
});

/** The path and message of each fault that a 422 names. */
function faultsOf(response: TestResponse<unknown>): readonly { path: string; message: string }[] {
  return (response.body as { errors?: { path: string; message: string }[] }).errors ?? [];
}

function get<Body = SubmissionBody>(by: TestUser, path: string): Promise<TestResponse<Body>> {
  return app.request<Body>('GET', path, { token: by.token });
}

function formOf(...entries: readonly (readonly [string, string | Blob, string?])[]): FormData {
  const form = new FormData();
  for (const [name, value, fileName] of entries) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, fileName);
  }
  return form;
}

function ascending(numbers: readonly number[]): number[] {
  return numbers.toSorted((one, other) => one - other);
}

function base64File(path: string, content: Buffer): object {
  return { path, content: content.toString('base64'), encoding: 'base64' };
}

/** Sets columns that only a worker would change. */
async function setRow(id: string, changes: Partial<Pick<Submission, 'status' | 'verdict' | 'score'>>): Promise<void> {
  await app.app.get(Transactions).run((manager) => manager.update(Submission, { id }, changes));
}

async function storedBlobs(): Promise<string[]> {
  const folder = `${app.environment.storageFolder}/submissions`;
  return readdir(folder).catch(() => []);
}

describe('POST /assignments/{id}/submissions', () => {
  it('answers 202 with the submission and where to find it', async () => {
    const assignmentId = await createAssignment(app, course);
    const response = await submit(app, ada, assignmentId);
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/api/v1/submissions/${response.body.id}`);
    expect(response.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      assignmentId,
      studentId: ada.id,
      attempt: 1,
      counts: true,
      runtime: 'python',
      status: 'queued',
      verdict: null,
      score: null,
      maxScore: null,
      late: false,
      gradingVersion: 1,
      submittedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
      startedAt: null,
      gradedAt: null,
      supersededById: null,
      tests: [],
      buildOutput: null,
      override: null,
      queue: null,
    });
    const read = await app.request<SubmissionBody>('GET', response.headers.get('location') ?? '', { token: ada.token });
    // Nobody grades here, so the wait is unknown.
    const queue = { position: expect.any(Number) as unknown, estimatedWaitMs: null };
    expect(read.body).toEqual({ ...response.body, queue });
  });

  it('counts the attempts of each student on each assignment', async () => {
    const [one, two] = [await createAssignment(app, course), await createAssignment(app, course, { slug: 'two' })];
    expect((await submitted(app, ada, one)).attempt).toBe(1);
    expect((await submitted(app, ada, one)).attempt).toBe(2);
    expect((await submitted(app, bob, one)).attempt).toBe(1);
    expect((await submitted(app, ada, two)).attempt).toBe(1);
  });

  it('keeps files byte for byte, from JSON', async () => {
    const assignmentId = await createAssignment(app, course);
    const bytes = randomBytes(50_000);
    const { id } = await submitted(app, ada, assignmentId, {
      files: [RIGHT, { path: 'notes/ä ö.txt', content: '\ufeffä\r\n\0' }, base64File('data/all.bin', bytes)],
    });
    const list = await get<PageBody<{ path: string; size: number }>>(ada, `/submissions/${id}/files`);
    expect(list.body).toEqual({
      items: [
        { path: 'data/all.bin', size: 50_000 },
        { path: 'main.py', size: RIGHT.content.length },
        { path: 'notes/ä ö.txt', size: 8 },
      ],
      nextCursor: null,
    });
    expect(await download(ada, id, 'data/all.bin')).toMatchObject({ type: 'application/octet-stream', content: bytes });
    expect(await download(ada, id, 'notes/ä ö.txt')).toMatchObject({
      type: 'application/octet-stream',
      content: Buffer.from('\ufeffä\r\n\0'),
    });
    expect(await download(ada, id, 'main.py')).toMatchObject({
      type: 'text/plain; charset=utf-8',
      content: Buffer.from(RIGHT.content),
    });
  });

  it('keeps files byte for byte, from a form, with the folders of their names', async () => {
    const assignmentId = await createAssignment(app, course, {
      grading: { ...GRADING, runtimes: ['python', 'node'], runtime: undefined },
    });
    const bytes = randomBytes(300_000);
    const form = new FormData();
    form.append('files', new Blob([RIGHT.content]), 'main.py');
    form.append('files', new Blob([bytes]), 'src/deep/ä%20ö.bin');
    form.append('files', new Blob([]), 'src/empty');
    form.append('runtime', 'node');
    const response = await post(ada, assignmentId, form);
    expect(response.status).toBe(202);
    expect(response.body.runtime).toBe('node');
    const { id } = response.body;
    const list = await get<PageBody<{ path: string }>>(ada, `/submissions/${id}/files`);
    expect(list.body.items.map(({ path }) => path)).toEqual(['main.py', 'src/deep/ä%20ö.bin', 'src/empty']);
    expect((await download(ada, id, 'src/deep/ä%20ö.bin')).content.equals(bytes)).toBe(true);
    expect((await download(ada, id, 'src/empty')).content.length).toBe(0);
  });

  it.each(['zip', 'tar.gz'])('unpacks a single .%s as it is, from JSON and from a form', async (kind) => {
    const assignmentId = await createAssignment(app, course);
    const bytes = randomBytes(20_000);
    const members = [
      { name: 'main.py', content: RIGHT.content },
      { name: 'project/ü/data.bin', content: bytes },
    ];
    const packed = kind === 'zip' ? zip(members) : await tarGz(members);
    const form = new FormData();
    form.append('files', new Blob([packed]), `work.${kind}`);
    const answers = [
      await submit(app, ada, assignmentId, { files: [base64File(`work.${kind}`, packed)] }),
      await post(ada, assignmentId, form),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(202);
      const list = await get<PageBody<{ path: string }>>(ada, `/submissions/${body.id}/files`);
      expect(list.body.items.map(({ path }) => path)).toEqual(['main.py', 'project/ü/data.bin']);
      expect((await download(ada, body.id, 'project/ü/data.bin')).content.equals(bytes)).toBe(true);
    }
  });

  it.each([
    ['leads out of the folder', '../main.py'],
    ['is absolute', '/etc/passwd'],
    ['has a backslash', 'a\\b.py'],
    ['has a drive letter', 'C:/a.py'],
    ['holds NUL', 'main\0.py'],
    ['looks like a slash', 'a\u2215b.py'],
    ['is too deep', '1/2/3/4/5/6/7/8/9/10/11'],
    ['has too long a name', 'n'.repeat(256)],
  ])('refuses a path that %s, and names it', async (_, path) => {
    const assignmentId = await createAssignment(app, course);
    const response = await submit(app, ada, assignmentId, { files: [RIGHT, { path, content: 'x' }] });
    expectProblem(response, 422, 'invalid_files');
    expect(faultsOf(response).map((fault) => fault.path)).toEqual(['/files/1/path']);
  });

  it.each([
    ['a path that leads out', zip([{ name: 'main.py' }, { name: '../escape.py' }]), '../escape.py'],
    ['a symbolic link', zip([{ name: 'main.py' }, { name: 'link', content: '/etc/passwd', mode: 0o120777 }]), 'link'],
    ['an encrypted file', zip([{ name: 'main.py', encrypted: true }]), 'main.py'],
    ['a size that lies', zip([{ name: 'bomb', content: Buffer.alloc(20 * MIB), claimedSize: 10 }]), 'bomb'],
    ['names that differ in case', zip([{ name: 'a.py' }, { name: 'A.py' }]), 'A.py'],
  ])('refuses an archive with %s, and names it', async (_, packed, name) => {
    const assignmentId = await createAssignment(app, course);
    const response = await submit(app, ada, assignmentId, { files: [base64File('work.zip', packed)] });
    expectProblem(response, 422, 'invalid_files');
    expect(faultsOf(response)[0]).toMatchObject({
      path: '/files/0/content',
      message: expect.stringContaining(name) as unknown,
    });
  });

  it('refuses a bomb with 413, quickly', async () => {
    const assignmentId = await createAssignment(app, course);
    const bombs = [
      base64File('bomb.zip', zip([{ name: 'zeros', content: Buffer.alloc(49 * MIB) }])),
      base64File('bomb.tar.gz', await tarGz([{ name: 'zeros', content: Buffer.alloc(60 * MIB) }])),
    ];
    for (const bomb of bombs) {
      const start = performance.now();
      expectProblem(await submit(app, ada, assignmentId, { files: [bomb] }), 413, 'submission_too_large');
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });

  it('refuses more than 10 MiB and more than 500 files, as JSON and as a form', async () => {
    const assignmentId = await createAssignment(app, course);
    const large = new FormData();
    for (const name of ['a', 'b', 'c']) large.append('files', new Blob([Buffer.alloc(4 * MIB)]), name);
    expectProblem(await post(ada, assignmentId, large), 413, 'body_too_large');
    const text = 'x'.repeat(11 * MIB);
    expectProblem(
      await submit(app, ada, assignmentId, { files: [{ path: 'a', content: text }] }),
      413,
      'body_too_large',
    );
    const many = new FormData();
    for (let number = 0; number < 501; number += 1) many.append('files', new Blob(['x']), `f${number}`);
    expectProblem(await post(ada, assignmentId, many), 413, 'too_many_files');
    const files = Array.from({ length: 501 }, (_, number) => ({ path: `f${number}`, content: 'x' }));
    expectProblem(await submit(app, ada, assignmentId, { files }), 413, 'too_many_files');
    const nothings = Array.from({ length: 90_000 }, () => 0);
    expectProblem(await submit(app, ada, assignmentId, { files: nothings }), 413, 'too_many_files');
    expect((await submit(app, ada, assignmentId, { files: [RIGHT, ...files.slice(2)] })).status).toBe(202);
  });

  it('refuses a form without a length as soon as it is too large', async () => {
    const assignmentId = await createAssignment(app, course);
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(`${app.url}/api/v1/assignments/${assignmentId}/submissions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'multipart/form-data; boundary=xyz' },
      });
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      request.on('error', reject);
      let sent = 0;
      const more = (): void => {
        while (sent < 200) {
          if (sent % 4 === 0) {
            request.write(`\r\n--xyz\r\ncontent-disposition: form-data; name="files"; filename="f${sent}"\r\n\r\n`);
          }
          sent += 1;
          if (!request.write(Buffer.alloc(MIB))) {
            request.once('drain', more);
            return;
          }
        }
        request.end('\r\n--xyz--\r\n');
      };
      more();
    });
    expect(status).toBe(413);
    expect((await submit(app, ada, assignmentId)).status).toBe(202);
  });

  it('refuses what is no submission', async () => {
    const assignmentId = await createAssignment(app, course);
    const refuse = async (body: Record<string, unknown>, ...paths: string[]): Promise<void> => {
      const response = await submit(app, ada, assignmentId, body);
      expectProblem(response, 422, 'validation_failed');
      expect([...new Set(faultsOf(response).map((fault) => fault.path))]).toEqual(paths);
    };
    await refuse({}, '/files');
    await refuse({ files: [] }, '/files');
    await refuse({ files: 'main.py' }, '/files');
    await refuse({ files: [{ content: 'x' }] }, '/files/0/path');
    await refuse({ files: [{ path: 'a', content: 7 }] }, '/files/0/content');
    await refuse({ files: [{ path: 'a', content: 'x', encoding: 'utf16' }] }, '/files/0/encoding');
    await refuse({ files: [{ path: 'a', content: 'x', mode: 511 }] }, '/files/0/mode');
    await refuse({ files: [RIGHT], runtime: 7 }, '/runtime');
    for (const name of ['studentId', 'score', 'attempt', 'counts', 'submittedAt', 'status', 'constructor']) {
      await refuse(
        JSON.parse(`{"files":[{"path":"main.py","content":"x"}],"${name}":1}`) as Record<string, unknown>,
        `/${name}`,
      );
    }
  });

  it('refuses forms that are not what they should be', async () => {
    const assignmentId = await createAssignment(app, course);
    const file = ['files', new Blob(['x']), 'main.py'] as const;
    expectProblem(await post(ada, assignmentId, formOf(['runtime', 'python'])), 422, 'validation_failed');
    expectProblem(
      await post(ada, assignmentId, formOf(['upload', new Blob(['x']), 'main.py'])),
      422,
      'validation_failed',
    );
    expectProblem(await post(ada, assignmentId, formOf(['files', 'a text'])), 422, 'validation_failed');
    expectProblem(await post(ada, assignmentId, formOf(file, ['score', '5'])), 422, 'validation_failed');
    expectProblem(
      await post(ada, assignmentId, formOf(file, ['runtime', 'python'], ['runtime', 'node'])),
      422,
      'validation_failed',
    );
    expectProblem(
      await post(ada, assignmentId, formOf(file, ['runtime', 'x'.repeat(2_000)])),
      422,
      'validation_failed',
    );
    expectProblem(
      await post(ada, assignmentId, formOf(['files', new Blob(['x']), '../main.py'])),
      422,
      'invalid_files',
    );
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=xyz', 'no form'],
      [
        'multipart/form-data; boundary=xyz',
        '--xyz\r\ncontent-disposition: form-data; name="files"; filename="a"\r\n\r\ncut off',
      ],
    ] as const) {
      const response = await app.request('POST', `/assignments/${assignmentId}/submissions`, {
        token: ada.token,
        headers: { 'content-type': type },
        body,
      });
      expectProblem(response, 400, 'malformed_body');
    }
  });

  it('refuses a submission without a required file, and names it', async () => {
    const assignmentId = await createAssignment(app, course, {
      grading: { ...GRADING, requiredFiles: ['main.py', 'src/lib.py'] },
    });
    const response = await submit(app, ada, assignmentId, { files: [RIGHT] });
    expectProblem(response, 422, 'missing_required_file');
    expect(faultsOf(response)).toEqual([{ path: '/files', message: expect.stringContaining('src/lib.py') as unknown }]);
  });

  it('asks for a runtime where the student chooses, and takes no other', async () => {
    const assignmentId = await createAssignment(app, course, {
      grading: { runtimes: ['python', 'node'], entrypoint: 'main.py', tests: GRADING.tests },
    });
    const without = await submit(app, ada, assignmentId);
    expectProblem(without, 422, 'runtime_required');
    expect(faultsOf(without)).toEqual([
      { path: '/runtime', message: expect.stringContaining('python, node') as unknown },
    ]);
    expectProblem(
      await submit(app, ada, assignmentId, { files: [RIGHT], runtime: 'cobol' }),
      422,
      'runtime_not_allowed',
    );
    expect((await submit(app, ada, assignmentId, { files: [RIGHT], runtime: 'node' })).body.runtime).toBe('node');
  });

  it('is not found for whoever is not in the course, and needs signing in', async () => {
    const assignmentId = await createAssignment(app, course);
    for (const user of [stranger, otherInstructor]) {
      expectProblem(await submit(app, user, assignmentId), 404, 'not_found');
    }
    expectProblem(await submit(app, ada, NOBODY), 404, 'not_found');
    expectProblem(await submit(app, ada, 'no-id'), 404, 'not_found');
    const draft = await createAssignment(app, course, { status: 'draft', slug: 'draft' });
    expectProblem(await submit(app, ada, draft), 404, 'not_found');
    const anonymous = await app.request('POST', `/assignments/${assignmentId}/submissions`, {
      body: { files: [RIGHT] },
    });
    expectProblem(anonymous, 401, 'unauthenticated');
  });

  it('refuses before the opening, after the closing, and in an archived course, but not for staff', async () => {
    const early = await createAssignment(app, course, { slug: 'early', opensAt: FAR_AWAY });
    const over = await createAssignment(app, course, { slug: 'over', closesAt: LONG_AGO });
    const late = await createAssignment(app, course, { slug: 'late', dueAt: LONG_AGO, closesAt: FAR_AWAY });
    expectProblem(await submit(app, ada, early), 409, 'not_open');
    expectProblem(await submit(app, ada, over), 409, 'closed');
    expect((await submit(app, ada, late)).body.late).toBe(true);
    for (const user of [instructor, assistant, admin]) {
      for (const assignmentId of [early, over]) {
        expect((await submit(app, user, assignmentId)).body).toMatchObject({ status: 'queued', counts: false });
      }
    }
    await app.request('PATCH', `/courses/${course.id}`, { token: instructor.token, body: { status: 'archived' } });
    expectProblem(await submit(app, ada, late), 409, 'closed');
  });

  it('keeps nothing of what it refuses', async () => {
    const assignmentId = await createAssignment(app, course, { closesAt: LONG_AGO });
    const before = await storedBlobs();
    expectProblem(await submit(app, ada, assignmentId), 409, 'closed');
    expect(await storedBlobs()).toEqual(before);
  });

  it('gives back attempts that failed or were cancelled, and refuses when all are used', async () => {
    const assignmentId = await createAssignment(app, course, { maxAttempts: 2 });
    const [first, second] = [await submitted(app, ada, assignmentId), await submitted(app, ada, assignmentId)];
    expectProblem(await submit(app, ada, assignmentId), 409, 'attempts_exhausted');
    await setRow(first.id, { status: 'failed', verdict: 'judge_error' });
    expect((await submitted(app, ada, assignmentId)).attempt).toBe(3);
    expectProblem(await submit(app, ada, assignmentId), 409, 'attempts_exhausted');
    await app.request('POST', `/submissions/${second.id}/cancel`, { token: ada.token });
    expect((await submitted(app, ada, assignmentId)).attempt).toBe(4);
    expectProblem(await submit(app, ada, assignmentId), 409, 'attempts_exhausted');
    expect((await submit(app, bob, assignmentId)).status).toBe(202);
    for (let time = 0; time < 4; time += 1) expect((await submit(app, assistant, assignmentId)).status).toBe(202);
  });

  it('accepts exactly three of fifty at a time when three attempts are allowed', async () => {
    const assignmentId = await createAssignment(app, course, { maxAttempts: 3 });
    const before = await storedBlobs();
    const answers = await Promise.all(Array.from({ length: 50 }, () => submit(app, ada, assignmentId)));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(ascending(accepted.map(({ body }) => body.attempt))).toEqual([1, 2, 3]);
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused).toHaveLength(47);
    for (const answer of refused) expectProblem(answer, 409, 'attempts_exhausted');
    const list = await get<PageBody<SubmissionBody>>(ada, `/assignments/${assignmentId}/submissions`);
    expect(list.body.items).toHaveLength(3);
    expect(await storedBlobs()).toHaveLength(before.length + 3);
  });

  it('numbers the attempts of an administrator, who is in no course, without a gap or a double', async () => {
    const assignmentId = await createAssignment(app, course);
    const answers = await Promise.all(Array.from({ length: 12 }, () => submit(app, admin, assignmentId)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const attempts = ascending(answers.map(({ body }) => body.attempt));
    expect(attempts).toEqual(answers.map((_, index) => index + 1));
  });

  it('judges by the database clock at receipt, to the millisecond', async () => {
    // The assignment closes while requests fly: each is late or refused by the time that it was given.
    const closesAt = new Date(Date.now() + 1_500);
    const dueAt = new Date(Date.now() + 800);
    const assignmentId = await createAssignment(app, course, {
      dueAt: dueAt.toISOString(),
      closesAt: closesAt.toISOString(),
    });
    const answers: TestResponse<SubmissionBody>[] = [];
    while (Date.now() < closesAt.getTime() + 300) answers.push(await submit(app, ada, assignmentId));
    const accepted = answers.filter(({ status }) => status === 202).map(({ body }) => body);
    expect(accepted.length).toBeGreaterThan(2);
    for (const { submittedAt, late } of accepted) {
      expect(late).toBe(new Date(submittedAt) > dueAt);
      expect(new Date(submittedAt) <= closesAt).toBe(true);
    }
    expect(accepted.some(({ late }) => late)).toBe(true);
    const last = answers.at(-1);
    if (last === undefined) throw new Error('Nothing was sent.');
    expectProblem(last, 409, 'closed');
  });
});

describe('Idempotency-Key on a submission', () => {
  it('makes one submission of two requests, whether as JSON or as a form', async () => {
    const assignmentId = await createAssignment(app, course);
    const sendJson = (content: string) =>
      submit(app, ada, assignmentId, { files: [{ path: 'main.py', content }] }, { 'idempotency-key': 'json-1' });
    const sendForm = (content: string) =>
      post(ada, assignmentId, formOf(['files', new Blob([content]), 'main.py']), { 'idempotency-key': 'form-1' });
    for (const send of [sendJson, sendForm]) {
      const [first, second] = [await send('print(1)'), await send('print(1)')];
      expect(first.status).toBe(202);
      expect(second.status).toBe(202);
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('location')).toBe(first.headers.get('location'));
      expectProblem(await send('print(2)'), 422, 'idempotency_key_reused');
    }
    const list = await get<PageBody<SubmissionBody>>(ada, `/assignments/${assignmentId}/submissions`);
    expect(list.body.items).toHaveLength(2);
  });

  it('makes one submission of many requests at a time', async () => {
    const assignmentId = await createAssignment(app, course);
    const send = () => submit(app, ada, assignmentId, { files: [RIGHT] }, { 'idempotency-key': 'at-a-time' });
    const answers = await Promise.all(Array.from({ length: 10 }, send));
    const ids = new Set(answers.filter(({ status }) => status === 202).map(({ body }) => body.id));
    expect(ids.size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      expectProblem(answer, 409, 'idempotency_in_progress');
    }
  });

  it('lets a refused request be corrected under the same key', async () => {
    const assignmentId = await createAssignment(app, course, { grading: { ...GRADING, requiredFiles: ['main.py'] } });
    const headers = { 'idempotency-key': 'corrected' };
    const wrong = await submit(app, ada, assignmentId, { files: [{ path: 'other.py', content: 'x' }] }, headers);
    expectProblem(wrong, 422, 'missing_required_file');
    expect((await submit(app, ada, assignmentId, { files: [RIGHT] }, headers)).status).toBe(202);
  });
});

describe('who sees a submission', () => {
  it('is whoever handed it in, and the staff of the course', async () => {
    const assignmentId = await createAssignment(app, course);
    const { id } = await submitted(app, ada, assignmentId);
    const paths = ['', '/files', '/files/main.py', '/runs'].map((rest) => `/submissions/${id}${rest}`);
    for (const path of paths) {
      for (const user of [ada, instructor, assistant, admin]) expect((await get(user, path)).status).toBe(200);
      for (const user of [bob, stranger, otherInstructor]) expectProblem(await get(user, path), 404, 'not_found');
      expectProblem(await app.request('GET', path), 401, 'unauthenticated');
    }
    for (const action of ['cancel', 'rejudge']) {
      for (const user of [bob, stranger, otherInstructor]) {
        const path = `/submissions/${id}/${action}`;
        expectProblem(await app.request('POST', path, { token: user.token }), 404, 'not_found');
      }
    }
    for (const user of [bob, stranger, otherInstructor]) {
      expectProblem(await get(user, `/submissions/${id}/events`), 404, 'not_found');
    }
    for (const path of [`/submissions/${NOBODY}`, '/submissions/no-id', `/submissions/${id}/files/none.py`]) {
      expectProblem(await get(ada, path), 404, 'not_found');
    }
  });

  it('changes with the course at once', async () => {
    const assignmentId = await createAssignment(app, course);
    const { id } = await submitted(app, ada, assignmentId);
    expect((await get(assistant, `/submissions/${id}`)).status).toBe(200);
    await app.request('DELETE', `/courses/${course.id}/members/${assistant.id}`, { token: instructor.token });
    expectProblem(await get(assistant, `/submissions/${id}`), 404, 'not_found');
  });

  it('answers 304 to whoever has it already', async () => {
    const { id } = await submitted(app, ada, await createAssignment(app, course));
    const first = await get(ada, `/submissions/${id}`);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"\d+-/);
    const again = await app.request('GET', `/submissions/${id}`, {
      token: ada.token,
      headers: { 'if-none-match': tag },
    });
    expect(again.status).toBe(304);
    await app.request('POST', `/submissions/${id}/cancel`, { token: ada.token });
    const later = await app.request('GET', `/submissions/${id}`, {
      token: ada.token,
      headers: { 'if-none-match': tag },
    });
    expect(later.status).toBe(200);
  });
});

describe('files of a submission', () => {
  it('are to be saved and never shown', async () => {
    const page = '<script>alert(1)</script>';
    const { id } = await submitted(app, ada, await createAssignment(app, course), {
      files: [RIGHT, { path: 'a/evil ä\';"x".html', content: page }],
    });
    const file = await download(instructor, id, 'a/evil ä\';"x".html');
    expect(file.content.toString()).toBe(page);
    expect(file.type).toBe('text/plain; charset=utf-8');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="evil ____x_.html"; filename*=UTF-8''evil%20%C3%A4%27%3B%22x%22.html`,
    );
  });

  it('are found by their path alone', async () => {
    const { id } = await submitted(app, ada, await createAssignment(app, course), {
      files: [
        RIGHT,
        { path: 'src/a+b %2F#?.txt', content: 'odd' },
        { path: `${'d/'.repeat(9)}${'n'.repeat(250)}`, content: 'deep' },
      ],
    });
    expect((await download(ada, id, 'src/a+b %2F#?.txt')).content.toString()).toBe('odd');
    expect((await download(ada, id, `${'d/'.repeat(9)}${'n'.repeat(250)}`)).content.toString()).toBe('deep');
    for (const path of ['src', 'src/', 'MAIN.PY', '%2e%2e%2fmain.py', 'src/..%2fmain.py', '']) {
      expect((await get(ada, `/submissions/${id}/files/${path}`)).status).not.toBe(500);
    }
    expectProblem(await get(ada, `/submissions/${id}/files/src`), 404, 'not_found');
    expectProblem(await get(ada, `/submissions/${id}/files/%2e%2e%2f%2e%2e%2fassay.db`), 404, 'not_found');
  });
});

describe('GET /assignments/{id}/submissions', () => {
  it('lists all for staff and their own for students, newest first, without their tests', async () => {
    const assignmentId = await createAssignment(app, course);
    const first = await submitted(app, ada, assignmentId);
    const second = await submitted(app, bob, assignmentId);
    const third = await submitted(app, ada, assignmentId);
    const ids = async (user: TestUser, query = ''): Promise<string[]> => {
      const page = await get<PageBody<SubmissionBody>>(user, `/assignments/${assignmentId}/submissions${query}`);
      expect(page.status).toBe(200);
      return page.body.items.map(({ id }) => id);
    };
    for (const user of [instructor, assistant, admin]) expect(await ids(user)).toEqual([third.id, second.id, first.id]);
    expect(await ids(ada)).toEqual([third.id, first.id]);
    expect(await ids(bob)).toEqual([second.id]);
    expect(await ids(instructor, `?studentId=${ada.id}`)).toEqual([third.id, first.id]);
    expect(await ids(bob, `?studentId=${ada.id}`)).toEqual([]);
    await setRow(first.id, { status: 'graded', verdict: 'accepted', score: 2 });
    await setRow(second.id, { status: 'queued', verdict: 'accepted' });
    expect(await ids(instructor, '?status=graded')).toEqual([first.id]);
    expect(await ids(instructor, '?status=queued')).toEqual([third.id, second.id]);
    expect(await ids(instructor, '?verdict=accepted')).toEqual([first.id]);
    const page = await get<PageBody<SubmissionBody>>(ada, `/assignments/${assignmentId}/submissions`);
    expect(page.body.items[0]).not.toHaveProperty('tests');
    expectProblem(await get(stranger, `/assignments/${assignmentId}/submissions`), 404, 'not_found');
  });

  it('is paged by a cursor that stays right while more come in', async () => {
    const assignmentId = await createAssignment(app, course);
    const made: string[] = [];
    for (let number = 0; number < 5; number += 1) made.unshift((await submitted(app, ada, assignmentId)).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`;
      const { body } = await get<PageBody<SubmissionBody>>(
        instructor,
        `/assignments/${assignmentId}/submissions${query}`,
      );
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
      await submitted(app, bob, assignmentId);
    } while (cursor !== null);
    expect(seen).toEqual(made);
  });

  it.each(['limit=0', 'limit=101', 'cursor=x', 'studentId=x', 'status=done', 'verdict=fine', 'sort=score'])(
    'refuses ?%s',
    async (query) => {
      const assignmentId = await createAssignment(app, course);
      const response = await get(instructor, `/assignments/${assignmentId}/submissions?${query}`);
      expectProblem(response, 422, 'validation_failed');
      expect(faultsOf(response)[0]?.path).toBe(query.split('=')[0]);
    },
  );
});

describe('POST /submissions/{id}/cancel', () => {
  it('takes back what waits: it will not be graded', async () => {
    const assignmentId = await createAssignment(app, course);
    const { id } = await submitted(app, ada, assignmentId);
    const response = await app.request<SubmissionBody>('POST', `/submissions/${id}/cancel`, { token: ada.token });
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ id, status: 'cancelled', verdict: null, score: null });
    const runs = await get<PageBody<{ id: string }>>(ada, `/submissions/${id}/runs`);
    expect(runs.body.items).toMatchObject([
      { number: 1, cause: 'submission', status: 'cancelled', finishedAt: expect.any(String) as unknown },
    ]);
    expect(await app.app.get(DataSource).getRepository(OutboxMessage).existsBy({ runId: runs.body.items[0]?.id })).toBe(
      false,
    );
    const again = await app.request('POST', `/submissions/${id}/cancel`, { token: ada.token });
    expectProblem(again, 409, 'already_finished');
  });

  it('cancels once, however many ask', async () => {
    const { id } = await submitted(app, ada, await createAssignment(app, course));
    const cancel = () => app.request('POST', `/submissions/${id}/cancel`, { token: instructor.token });
    const answers = await Promise.all(Array.from({ length: 8 }, cancel));
    expect(ascending(answers.map(({ status }) => status))).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
  });
});

describe('the storage', () => {
  it('loses files that never became a submission, and no others', async () => {
    const { id } = await submitted(app, ada, await createAssignment(app, course));
    const storage = app.app.get(FileStorage, { strict: false });
    const twoHoursAgo = (Date.now() - 2 * 3_600_000).toString(16).padStart(12, '0');
    const orphan = `${twoHoursAgo.slice(0, 8)}-${twoHoursAgo.slice(8)}-7000-8000-000000000001`;
    const fresh = newId();
    for (const one of [orphan, fresh]) await storage.put(filesKeyOf(one), Buffer.from('x'));
    await storage.put('submissions/not-ours.tar', Buffer.from('x'));
    expect(await app.app.get(OrphanSweeper, { strict: false }).sweep()).toBe(1);
    const left = await storedBlobs();
    expect(left).toEqual(expect.arrayContaining([`${id}.tar`, `${fresh}.tar`, 'not-ours.tar']));
    expect(left).not.toContain(`${orphan}.tar`);
  });

  it('answers 503 while it cannot be used, and nothing is taken in', async () => {
    // A folder below a file: no system makes that.
    const broken = await startTestApp({
      worker: false,
      sharing: app,
      variables: { STORAGE_URL: 'file:/dev/null/files' },
    });
    try {
      const assignmentId = await createAssignment(app, course);
      const { id } = await submitted(app, ada, assignmentId);
      const response = await submit(broken, ada, assignmentId);
      expectProblem(response, 503, 'storage_unavailable');
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(JSON.stringify(response.body)).not.toContain('/dev/null');
      const files = await broken.request('GET', `/submissions/${id}/files`, { token: ada.token });
      expectProblem(files, 503, 'storage_unavailable');
      const list = await broken.request<PageBody<object>>('GET', `/assignments/${assignmentId}/submissions`, {
        token: ada.token,
      });
      expect(list.body.items).toHaveLength(1);
    } finally {
      await broken.close();
    }
  });
});

function post(
  by: TestUser,
  assignmentId: string,
  body: FormData,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestResponse<SubmissionBody>> {
  return app.request('POST', `/assignments/${assignmentId}/submissions`, { token: by.token, body, headers });
}

async function download(
  by: TestUser,
  id: string,
  path: string,
): Promise<{ readonly type: string | null; readonly content: Buffer; readonly headers: Headers }> {
  const name = path.split('/').map(encodeURIComponent).join('/');
  const response = await fetch(`${app.url}/api/v1/submissions/${id}/files/${name}`, {
    headers: { authorization: `Bearer ${by.token}` },
  });
  expect(response.status).toBe(200);
  const content = Buffer.from(await response.arrayBuffer());
  return { type: response.headers.get('content-type'), content, headers: response.headers };
}
