import { expect } from 'vitest';
import { addMember, createAssignment, createCourse, type PageBody, submitted } from '../course-builder.js';
import { imported, packed, verified } from '../packages.js';
import type { TestApp, TestUser } from '../test-app.js';
import { waitFor } from '../wait-for.js';
import type { Actor } from './access-matrix.js';

/** What students must never read, wherever it might stand: each text is nowhere else. */
export const HIDDEN = {
  hiddenInput: '20481632',
  hiddenExpected: '30722448',
  secretTest: 'canary-secret-test',
  hiddenFile: 'canary-hidden-file',
  modelSolution: 'canary-model-solution',
  classmateName: 'Canary Classmate',
  workerName: 'canary-worker',
} as const;

const ASSIGNMENT = `
title: Sums
grading:
  runtime: python
  entrypoint: main.py
  tests:
    - {kind: program, name: small, points: 2, stdin: "1 2\\n", expect: {stdout: "3\\n"}}
    - {kind: program, name: large, points: 3, visibility: hidden, stdin: "10240816 ${HIDDEN.hiddenInput}\\n", expect: {stdout: "${HIDDEN.hiddenExpected}\\n"}}
    - {kind: program, name: ${HIDDEN.secretTest}, points: 1, visibility: secret, expect: {stdout: "3\\n"}}
  files:
    - {path: key.txt, content: ${HIDDEN.hiddenFile}, hidden: true}
`;

/** Shows whatever it is given, as a student would who looks for hidden tests. What lies beside it, a program can always read. */
const NOSY = `import os, sys
given = sys.stdin.read()
print(sum(map(int, given.split())))
sys.stderr.write(given + repr(os.listdir('.')) + repr(sys.argv))
`;

export const PACKAGE = packed({
  'assignment.yaml': ASSIGNMENT,
  'instructions.md': 'Add them.\n',
  'submissions/partially_accepted/main.py': `${NOSY}# ${HIDDEN.modelSolution}\n`,
});

/** The ids of objects by the names that paths have for them. */
export type Ids = Readonly<Record<string, string>>;

/** What a personal access token may be for. */
export const SCOPES = ['read', 'submit', 'manage', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** One course with everything in it, its people, and some who are elsewhere: what the lines of the matrix are about. */
export interface AccessWorld {
  readonly app: TestApp;
  readonly people: Readonly<Record<Exclude<Actor, 'anonymous'>, TestUser>>;
  /** A member whom nothing else is about. */
  readonly spare: TestUser;
  /** Somebody who is in no course yet. */
  readonly newcomer: TestUser;
  readonly ids: Ids;
  /** In place of the above on lines that end in "(draft)". */
  readonly draftIds: Ids;
  /** Tokens of the administrator, with one scope each. */
  readonly tokens: Readonly<Record<Scope, string>>;
  /** A token of the student with every scope that they may give. */
  readonly studentToken: string;
}

type Body = Readonly<Record<string, unknown>> & { readonly id: string };

/** Builds it through the API. Needs an application with a worker. */
export async function buildAccessWorld(app: TestApp): Promise<AccessWorld> {
  const [admin, instructor, foreign, outsider, student, classmate, assistant, spare, newcomer] = await Promise.all([
    app.admin(),
    app.createUser({ role: 'instructor' }),
    app.createUser({ role: 'instructor' }),
    app.createUser(),
    app.createUser({ name: 'Ada Student' }),
    app.createUser({ name: HIDDEN.classmateName }),
    app.createUser(),
    app.createUser(),
    app.createUser(),
  ]);
  const send = async (by: TestUser, method: string, path: string, body?: object): Promise<Body> => {
    const answer = await app.request<Body>(method, path, {
      token: by.token,
      ...(body === undefined ? {} : { body }),
    });
    expect([answer.status, answer.body]).toEqual([expect.toSatisfy((status: number) => status < 300), answer.body]);
    return answer.body;
  };
  const courseOf = async (fields: Readonly<Record<string, string>>): Promise<string> => {
    const course = await createCourse(app, instructor, fields);
    for (const one of [student, classmate, spare]) await addMember(app, course, one);
    await addMember(app, course, assistant, 'assistant');
    return course.id;
  };
  const courseId = await courseOf({});
  const spareCourseId = await courseOf({ code: 'SPARE' });
  const draftCourseId = await courseOf({ code: 'DRAFT', status: 'draft' });
  const open = await createCourse(app, instructor, { code: 'OPEN', enrolment: 'open' });
  const elsewhere = await createCourse(app, foreign, { code: 'ELSE' });
  await addMember(app, elsewhere, outsider);

  const { assignment, verification } = await imported(app, instructor, courseId, PACKAGE);
  const assignmentId = assignment.id;
  const proof = await verified(app, instructor, verification?.id ?? '');
  expect(proof.status).toBe('passed');
  await send(instructor, 'PATCH', `/assignments/${assignmentId}`, { status: 'published' });
  const spareAssignmentId = await createAssignment(app, { id: courseId, instructor });
  const draftAssignmentId = await createAssignment(app, { id: courseId, instructor }, { status: 'draft' });

  const work = { files: [{ path: 'main.py', content: NOSY }] };
  const { id: submissionId } = await submitted(app, student, assignmentId, work);
  const { id: otherSubmissionId } = await submitted(app, classmate, assignmentId, work);
  for (const id of [submissionId, otherSubmissionId]) await until(app, instructor, `/submissions/${id}`, 'graded');
  const rejudge = await send(instructor, 'POST', `/assignments/${assignmentId}/rejudge`, { dryRun: true });
  await until(app, instructor, `/rejudges/${rejudge.id}`, 'ready');

  const tokenOf = async (by: TestUser, name: string, scopes: readonly Scope[]): Promise<Body> =>
    send(by, 'POST', '/users/me/tokens', { name, scopes });
  const tokens = await Promise.all(SCOPES.map(async (scope) => [scope, await tokenOf(admin, scope, [scope])] as const));
  const workers = await app.request<PageBody<Body>>('GET', '/workers', { token: admin.token });
  return {
    app,
    people: { outsider, student, classmate, assistant, instructor, foreign, admin },
    spare,
    newcomer,
    tokens: Object.fromEntries(tokens.map(([scope, { token }]) => [scope, token])) as Record<Scope, string>,
    studentToken: String((await tokenOf(student, 'everything', ['read', 'submit', 'manage']))['token']),
    ids: {
      id: student.id,
      userId: student.id,
      tokenId: (await tokenOf(student, 'to be seen', ['read'])).id,
      courseId,
      spareCourseId,
      openCourseId: open.id,
      assignmentId,
      spareAssignmentId,
      submissionId,
      path: 'main.py',
      rejudgeId: rejudge.id,
      verificationId: proof.id,
      workerId: workers.body.items[0]?.id ?? '',
    },
    draftIds: { courseId: draftCourseId, assignmentId: draftAssignmentId },
  };
}

function until(app: TestApp, by: TestUser, path: string, status: string): Promise<Body> {
  return waitFor(
    async () => {
      const { body } = await app.request<Body>('GET', path, { token: by.token });
      return body['status'] === status && body;
    },
    { until: `${path} is ${status}`, timeoutMs: 60_000, pollEveryMs: 50 },
  );
}
