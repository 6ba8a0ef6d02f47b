import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { follow } from '../support/event-client.js';
import { startTestApp, type TestApp, type TestUser } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

let app: TestApp;
let classroom: Classroom;
let assignmentId: string;
let submissionId: string;
let rejudgeId: string;

const program = (number: number, feedback: object | null, more: object = {}) => ({
  kind: 'program',
  name: `NAME${number}`,
  description: `DESCRIPTION${number}`,
  points: 1,
  args: [`OUTPUT${number}`],
  stdin: `INPUT${number}`,
  expect: { stdout: `EXPECTED${number}` },
  ...(feedback === null ? {} : { feedback }),
  ...more,
});

/** What students may see now, and from the due date on: of each test its number, and of which parts. */
const TESTS = [
  program(1, { now: ['score', 'output'], afterDue: ['name', 'score', 'output', 'expected'] }),
  program(2, { now: ['name', 'score', 'message', 'hint'], hint: 'HINT2' }),
  program(3, { now: ['name', 'score', 'expected'], afterDue: ['name', 'score'], hint: null }),
  program(4, { now: [] }),
  program(5, {
    now: ['name', 'score'],
    afterDue: ['name', 'score', 'output', 'message', 'expected', 'hint'],
    hint: 'HINT5',
  }),
  program(6, { now: ['name', 'output'] }),
  program(7, null, { visibility: 'after-due' }),
];
const NOW = ['OUTPUT1', 'NAME2', 'HINT2', 'NAME3', 'EXPECTED3', 'NAME5', 'NAME6', 'OUTPUT6', 'NAME7'];
/** With the test itself, in the assignment, where what is expected is shown. */
const IN_ASSIGNMENT = ['OUTPUT3', 'INPUT3', 'DESCRIPTION3'];
const THEN = ['NAME1', 'OUTPUT1', 'EXPECTED1', 'NAME2', 'HINT2', 'NAME3', 'NAME5', 'OUTPUT5', 'EXPECTED5', 'HINT5'];
const THEN_TOO = ['NAME6', 'OUTPUT6', 'NAME7', 'OUTPUT7', 'EXPECTED7'];
const IN_ASSIGNMENT_THEN = [1, 5, 7].flatMap((number) => [`INPUT${number}`, `DESCRIPTION${number}`]);

beforeAll(async () => {
  app = await startTestApp();
  classroom = await Classroom.open(app);
  assignmentId = await classroom.assign({ runtime: 'python', tests: TESTS });
  const files = { 'main.py': 'import sys\nprint(sys.argv[1])\n' };
  submissionId = (await classroom.submit(assignmentId, { files })).id;
  await graded();
  const { token } = classroom.instructor;
  const path = `/assignments/${assignmentId}/rejudge`;
  rejudgeId = (await app.request<{ id: string }>('POST', path, { token, body: {} })).body.id;
  await waitFor(
    async () =>
      (await app.request<{ status: string }>('GET', `/rejudges/${rejudgeId}`, { token })).body.status === 'finished',
    { until: 'it is graded again', timeoutMs: 60_000 },
  );
  await graded();
});
afterAll(() => app.close());

async function graded(): Promise<ShownSubmission> {
  return waitFor(
    async () => {
      const seen = await classroom.look(submissionId);
      return seen.status === 'graded' ? seen : null;
    },
    { until: 'it is graded', timeoutMs: 60_000 },
  );
}

/** All that can be read about the submission and its assignment, as somebody sees it. */
async function readAll(user: TestUser): Promise<string> {
  const { courseId } = classroom;
  const paths = [
    `/assignments/${assignmentId}`,
    `/courses/${courseId}/assignments`,
    `/assignments/${assignmentId}/submissions`,
    `/assignments/${assignmentId}/export`,
    `/assignments/${assignmentId}/verifications`,
    `/assignments/${assignmentId}/rejudges`,
    `/rejudges/${rejudgeId}`,
    `/rejudges/${rejudgeId}/differences`,
    `/submissions/${submissionId}`,
    `/submissions/${submissionId}/runs`,
    `/submissions/${submissionId}/files`,
    `/courses/${courseId}/gradebook`,
    `/courses/${courseId}/gradebook.csv`,
  ];
  const texts = [];
  for (const path of paths) {
    const response = await fetch(`${app.url}/api/v1${path}`, { headers: { authorization: `Bearer ${user.token}` } });
    texts.push(await response.text());
  }
  const stream = await follow(app, user, submissionId);
  texts.push(JSON.stringify(await stream.ended));
  return texts.join('\n');
}

const canaries = (text: string): string[] =>
  [...new Set(text.match(/(?:NAME|DESCRIPTION|OUTPUT|INPUT|EXPECTED|HINT)\d/g) ?? [])].toSorted();

describe('what a student can read of tests that say part by part what is shown', () => {
  it('is that and nothing else, on every way', async () => {
    expect(canaries(await readAll(classroom.student))).toEqual([...NOW, ...IN_ASSIGNMENT].toSorted());
  });

  it('names and numbers the tests alike in the list and in the events', async () => {
    const { tests } = await classroom.look(submissionId);
    expect(tests.map(({ name, verdict, points }) => [name, verdict, points])).toEqual([
      ['Test 1', 'wrong_answer', 0],
      ['NAME2', 'wrong_answer', 0],
      ['NAME3', 'wrong_answer', 0],
      ['NAME5', 'wrong_answer', 0],
      ['NAME6', null, null],
      ['NAME7', 'wrong_answer', 0],
    ]);
    expect(tests[1]).toMatchObject({ message: 'Not as expected.', stdout: null, expected: null, hint: 'HINT2' });
    const { ended } = await follow(app, classroom.student, submissionId);
    const told = (await ended).flatMap(({ event, data }) => (event === 'test' ? [data] : []));
    expect(told).toEqual(tests.map((test, position) => ({ position, ...test })));
  });

  it('is all of it to staff', async () => {
    const seen = canaries(await readAll(classroom.instructor));
    for (const number of [1, 2, 3, 4, 5, 6, 7]) {
      for (const part of ['NAME', 'OUTPUT', 'EXPECTED', 'INPUT']) expect(seen).toContain(`${part}${number}`);
    }
  });

  it('changes at the due date, without being graded again', async () => {
    const due = await app.request('PATCH', `/assignments/${assignmentId}`, {
      token: classroom.instructor.token,
      body: { dueAt: '2020-01-01T00:00:00.000Z' },
    });
    expect(due.status).toBe(200);
    expect(canaries(await readAll(classroom.student))).toEqual(
      [...THEN, ...THEN_TOO, ...IN_ASSIGNMENT_THEN].toSorted(),
    );
  });
});
