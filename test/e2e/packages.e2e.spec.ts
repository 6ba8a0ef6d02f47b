import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zip } from '../support/archives.js';
import { addMember, createCourse, type PageBody, RIGHT, submitted, WRONG } from '../support/course-builder.js';
import { expectProblem } from '../support/expect-problem.js';
import {
  exported,
  type Files,
  type ImportedBody,
  importPackage,
  imported,
  packed,
  type VerificationBody,
  verified,
} from '../support/packages.js';
import { startTestApp, type TestApp, type TestUser } from '../support/test-app.js';

const ASSIGNMENT = `
title: Sums
maxAttempts: 5
latePolicy: {kind: percent, perDay: 10, max: 50}
grading:
  runtimes: [python, node]
  tests:
    - {kind: program, name: small, points: 2, stdin: "1 2\\n", expect: {stdout: !file tests/small.out}}
    - {kind: program, name: large, points: 3, visibility: hidden, stdin: !file tests/large.in, expect: {stdout: "2000000\\n"}}
`;

const PYTHON = 'print(sum(map(int, input().split())))\n';

/** A package whose model submissions get what their folders say. */
const SUMS: Files = {
  'assignment.yaml': ASSIGNMENT,
  'instructions.md': '# Sums\r\n\r\nAdd them.\n',
  'tests/small.out': '3\n',
  'tests/large.in': '1000000 1000000\n',
  'files/data.txt': 'a table\n',
  'files/picture.bin': Buffer.from([0xff, 0xd8, 0, 1]),
  'submissions/accepted/python/main.py': PYTHON,
  'submissions/accepted/node/main.js':
    "const [a, b] = require('fs').readFileSync(0, 'utf8').split(' '); console.log(+a + +b);\n",
  'submissions/wrong_answer/three/main.py': 'print(3)\n',
  'submissions/partially_accepted/three/main.py': 'print(3)\n',
  'submissions/runtime_error/main.py': 'raise SystemExit(1)\n',
  'submissions/submissions.yaml': 'wrong_answer/three: {score: 2}\n',
};

let app: TestApp;
let instructor: TestUser;
let assistant: TestUser;
let student: TestUser;
let course: Awaited<ReturnType<typeof createCourse>>;

beforeAll(async () => {
  app = await startTestApp();
  instructor = await app.createUser({ role: 'instructor' });
  assistant = await app.createUser();
  student = await app.createUser();
  course = await createCourse(app, instructor);
  await addMember(app, course, assistant, 'assistant');
  await addMember(app, course, student);
});

afterAll(async () => {
  await app?.close();
});

const take = (files: Files, ...more: [] | [Parameters<typeof importPackage>[4]]): Promise<ImportedBody> =>
  imported(app, instructor, course.id, packed(files), ...more);

const publish = (id: string, query = '') =>
  app.request('PATCH', `/assignments/${id}${query}`, { token: instructor.token, body: { status: 'published' } });

const get = <Body>(user: TestUser, path: string) => app.request<Body>('GET', path, { token: user.token });

describe('a package that proves itself', () => {
  it('becomes a draft whose model submissions get what their folders say', { timeout: 120_000 }, async () => {
    const { assignment, warnings, verification } = await take(SUMS);
    expect(warnings).toEqual([]);
    expect(assignment).toMatchObject({ title: 'Sums', status: 'draft', maxPoints: 5, maxAttempts: 5 });
    expect(assignment.instructions).toBe('# Sums\r\n\r\nAdd them.\n');
    expect(verification).toMatchObject({ status: 'running', total: 5, gradingVersion: 1 });

    // While it is being proved, it is not published by mistake.
    expectProblem(await publish(assignment.id), 409, 'not_proven');
    const proof = await verified(app, instructor, verification?.id ?? '');
    expect(proof.items.map(({ path, ok, actual }) => [path, ok, actual?.verdict, actual?.score])).toEqual([
      ['accepted/node', true, 'accepted', 5],
      ['accepted/python', true, 'accepted', 5],
      ['partially_accepted/three', true, 'wrong_answer', 2],
      ['runtime_error', true, 'runtime_error', 0],
      ['wrong_answer/three', true, 'wrong_answer', 2],
    ]);
    expect(proof).toMatchObject({ status: 'passed', right: 5, wrong: 0 });
    expect((await publish(assignment.id)).status).toBe(200);

    // Nobody sees them among what was handed in, and they take nobody's attempt.
    const path = `/assignments/${assignment.id}/submissions`;
    await submitted(app, student, assignment.id, { files: [RIGHT], runtime: 'python' });
    expect((await get<PageBody<object>>(instructor, path)).body.items).toHaveLength(1);
    const rejudge = await app.request<{ total: number; skipped: number }>(
      'POST',
      `/assignments/${assignment.id}/rejudge`,
      {
        token: instructor.token,
      },
    );
    expect(rejudge.body.total + rejudge.body.skipped).toBeLessThanOrEqual(1);
    const model = proof.items[0]?.submissionId ?? '';
    expect((await get(assistant, `/submissions/${model}`)).status).toBe(200);
    for (const hidden of [`/submissions/${model}`, `/submissions/${model}/files`, `/verifications/${proof.id}`]) {
      expect((await get(student, hidden)).status, hidden).toBe(404);
    }
    expect((await get(student, `/assignments/${assignment.id}/verifications`)).status).toBe(403);
    expect((await get(student, `/assignments/${assignment.id}/export`)).status).toBe(403);
  });

  it(
    'says which model submissions are graded otherwise, and is published only on demand',
    { timeout: 120_000 },
    async () => {
      const { assignment, verification } = await take({
        ...SUMS,
        'submissions/accepted/wrong/main.py': WRONG.content,
        'submissions/wrong_answer/right/main.py': RIGHT.content,
      });
      const proof = await verified(app, instructor, verification?.id ?? '');
      expect(proof).toMatchObject({ status: 'failed', right: 5, wrong: 2 });
      expect(proof.items.filter(({ ok }) => ok === false).map(({ path }) => path)).toEqual([
        'accepted/wrong',
        'wrong_answer/right',
      ]);
      const refused = await publish(assignment.id);
      expectProblem(refused, 409, 'not_proven');
      expect(refused.body['detail']).toContain('2 of 7 model submissions');
      expect((await publish(assignment.id, '?unproven=true')).status).toBe(200);
    },
  );

  it('is proved again at any time, by the grading of that time', { timeout: 120_000 }, async () => {
    const { assignment, verification } = await take(SUMS, { fields: { verify: 'false' } });
    expect(verification).toBeNull();
    expectProblem(await publish(assignment.id), 409, 'not_proven');
    const ask = () =>
      app.request<VerificationBody>('POST', `/assignments/${assignment.id}/verify`, { token: assistant.token });
    const first = await ask();
    expect([first.status, first.headers.get('location')]).toEqual([202, `/api/v1/verifications/${first.body.id}`]);
    expectProblem(await ask(), 409, 'verification_in_progress');
    expect((await verified(app, assistant, first.body.id)).status).toBe('passed');

    // With other tests the proof of before counts no more.
    const tests = [{ kind: 'program', name: 'three', points: 1, stdin: '', expect: { stdout: '3\n' } }];
    const patch = { grading: { tests, requiredFiles: ['main.py'] }, status: 'published' };
    const both = await app.request('PATCH', `/assignments/${assignment.id}`, { token: instructor.token, body: patch });
    expectProblem(both, 409, 'not_proven');
    const { grading } = patch;
    await app.request('PATCH', `/assignments/${assignment.id}`, { token: instructor.token, body: { grading } });
    const second = await verified(app, assistant, (await ask()).body.id);
    expect(second).toMatchObject({ status: 'failed', gradingVersion: 2 });
    const node = second.items.find(({ path }) => path === 'accepted/node');
    expect(node).toMatchObject({ ok: false, actual: null });
    expect(node?.refusal).toContain('main.py');
    const list = await get<PageBody<VerificationBody>>(assistant, `/assignments/${assignment.id}/verifications`);
    expect(list.body.items.map(({ id, status }) => [id, status])).toEqual([
      [second.id, 'failed'],
      [first.body.id, 'passed'],
    ]);
  });

  it('has nothing to prove without model submissions, and is published as ever', async () => {
    const { 'assignment.yaml': definition, 'tests/small.out': small, 'tests/large.in': large } = SUMS;
    const files = {
      'assignment.yaml': definition ?? '',
      'tests/small.out': small ?? '',
      'tests/large.in': large ?? '',
    };
    const { assignment, verification } = await take(files);
    expect(verification).toBeNull();
    const ask = await app.request('POST', `/assignments/${assignment.id}/verify`, { token: instructor.token });
    expectProblem(ask, 409, 'no_model_submissions');
    expect((await publish(assignment.id)).status).toBe(200);
  });
});

describe('an export', () => {
  it('is the same package whenever it is made, and imports to the same assignment', { timeout: 60_000 }, async () => {
    const quiet = { fields: { verify: 'false' } };
    const { assignment } = await take(SUMS, quiet);
    const first = await exported(app, assistant, assignment.id);
    const again = await imported(app, instructor, course.id, first, quiet);
    expect(again.warnings).toEqual([]);
    const { id: _id, slug: _slug, ...same } = assignment;
    expect(again.assignment).toMatchObject(same);
    // The slug is taken here; all else is equal to the last byte.
    const second = await exported(app, instructor, again.assignment.id);
    expect(second.length).toBe(first.length + (again.assignment.slug.length - assignment.slug.length) || second.length);
    const third = await exported(app, instructor, assignment.id);
    expect(third.equals(first)).toBe(true);
  });
});

const refused = async (content: Buffer | string, sent: Parameters<typeof importPackage>[4] = {}) => {
  const response = await importPackage<{ errors: { path: string; message: string }[] }>(
    app,
    instructor,
    course.id,
    content,
    sent,
  );
  expect(response.status).toBe(422);
  return response.body.errors.map(({ path, message }) => `${path} ${message}`).join('\n');
};
const count = async (): Promise<number> =>
  (await get<PageBody<object>>(instructor, `/courses/${course.id}/assignments?limit=100`)).body.items.length;

const stored = (name: string) => ({ name, content: '1\n', stored: true });

describe('packages that are refused', () => {
  const { 'assignment.yaml': _definition, ...WITHOUT_DEFINITION } = SUMS;
  const withDefinition = (text: string): Buffer => packed({ ...WITHOUT_DEFINITION, 'assignment.yaml': text });
  const TESTS = Array.from({ length: 501 }, (_, n) => `${n}`);
  /** Each level doubles what the one before it holds. */
  const BOMB = `title: x\na0: &a0 [x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]\n`).join('')}`;

  it.each<[string, () => Buffer | string, string, RegExp]>([
    [
      'a test without points',
      () => withDefinition(ASSIGNMENT.replace('points: 2, ', '')),
      'assay',
      /\/file\/assignment\.yaml#\/grading\/tests\/0/,
    ],
    [
      'a property that is not known',
      () => withDefinition(`${ASSIGNMENT}colour: red\n`),
      'assay',
      /\/file\/assignment\.yaml#\/colour/,
    ],
    [
      'a file that is not there',
      () => withDefinition(ASSIGNMENT.replace('small.out', 'none')),
      'assay',
      /#\/grading\/tests\/0\/expect\/stdout refers to "tests\/none"/,
    ],
    ['no UTF-8', () => packed({ ...SUMS, 'tests/small.out': Buffer.from([0xff]) }), 'assay', /not text in UTF-8/],
    [
      'a folder that is no verdict',
      () => packed({ ...SUMS, 'submissions/perfect/main.py': '' }),
      'assay',
      /submissions\/perfect is not a verdict/,
    ],
    [
      'a model submission that nobody could hand in',
      () => packed({ ...SUMS, 'submissions/accepted/x/main.rb': '' }),
      'assay',
      /submissions\/accepted\/x#\/runtime is required/,
    ],
    [
      'aliases that unfold without end',
      () => withDefinition(BOMB),
      'assay',
      /is not YAML that can be read: Excessive alias count/,
    ],
    ['another version', () => withDefinition(`assay: 2\n${ASSIGNMENT}`), 'assay', /#\/assay is not a version/],
    [
      'a path out of the package',
      () => zip([{ name: '../assignment.yaml', content: ASSIGNMENT }]),
      'assay',
      /must stay in its folder/,
    ],
    [
      'a link out of the package',
      () => zip([{ name: 'assignment.yaml', content: '../../etc/passwd', mode: 0o120777 }]),
      'assay',
      /\/file\/assignment\.yaml is a link that leads out/,
    ],
    ['what is no archive', () => Buffer.from('PK\u0003\u0004 no'), 'assay', /is not a zip archive/],
    ['another format', () => packed({ 'problem.yaml': 'name: x\n' }), 'assay', /assignment\.yaml is missing/],
    [
      'more tests than an assignment takes',
      () =>
        zip(
          [stored('problem.yaml')]
            .map((one) => ({ ...one, content: 'name: x\n' }))
            .concat(TESTS.flatMap((name) => ['in', 'ans'].map((ending) => stored(`data/secret/${name}.${ending}`)))),
        ),
      'kattis',
      /more than 500 tests/,
    ],
    ['a file of a student', () => Buffer.from('int main(void) {}'), 'github-classroom', /is not JSON, it begins with/],
  ])('with %s', async (_, content, format, reason) => {
    const before = await count();
    const name = format === 'github-classroom' ? 'autograding.json' : 'package.zip';
    expect(await refused(content(), { format, name })).toMatch(reason);
    expect(await count()).toBe(before);
  });

  it('are not read beyond the bounds of an archive', async () => {
    const many = zip(Array.from({ length: 3_001 }, (_, n) => stored(`f${n}`)));
    const bomb = zip([{ name: 'a', content: Buffer.alloc(3_000_000) }]);
    for (const content of [many, bomb]) {
      expectProblem(await importPackage(app, instructor, course.id, content), 413, 'package_too_large');
    }
  });

  it('and nobody but instructors of the course brings any', async () => {
    const content = packed(SUMS);
    expect((await importPackage(app, assistant, course.id, content)).status).toBe(403);
    expect((await importPackage(app, student, course.id, content)).status).toBe(403);
    const stranger = await app.createUser({ role: 'instructor' });
    expect((await importPackage(app, stranger, course.id, content)).status).toBe(403);
    expect(await refused(content, { format: 'moodle' })).toContain('/format');
  });
});
