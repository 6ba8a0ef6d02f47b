import type { TestApp, TestResponse, TestUser } from './test-app.js';

/** What tests look at in a submission. */
export interface SubmissionBody {
  readonly id: string;
  readonly assignmentId: string;
  readonly studentId: string;
  readonly attempt: number;
  readonly counts: boolean;
  readonly runtime: string;
  readonly status: string;
  readonly verdict: string | null;
  readonly score: number | null;
  readonly maxScore: number | null;
  readonly late: boolean;
  readonly gradingVersion: number;
  readonly submittedAt: string;
  readonly startedAt: string | null;
  readonly gradedAt: string | null;
  readonly tests: readonly { readonly name: string; readonly hidden: boolean; readonly [field: string]: unknown }[];
  readonly buildOutput: string | null;
  readonly override: { readonly score: number; readonly reason: string } | null;
}

export interface PageBody<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

interface Course {
  readonly id: string;
  readonly instructor: TestUser;
}

type Fields = Readonly<Record<string, unknown>>;

/** A program that passes `ADDS`. */
export const RIGHT = { path: 'main.py', content: 'print(sum(map(int, input().split())))\n' };
/** One that does not. */
export const WRONG = { path: 'main.py', content: 'print(4)\n' };
export const ADDS = { kind: 'program', name: 'adds', points: 2, stdin: '1 2\n', expect: { stdout: '3\n' } };
export const GRADING = { runtime: 'python', entrypoint: 'main.py', tests: [ADDS] };

/** A published course of an instructor. */
export async function createCourse(app: TestApp, instructor: TestUser, fields: Fields = {}): Promise<Course> {
  const body = { code: 'CS-1', title: 'A course', status: 'published', ...fields };
  const { id } = expectStatus(
    await app.request<{ id: string }>('POST', '/courses', { token: instructor.token, body }),
    201,
  );
  return { id, instructor };
}

export async function addMember(app: TestApp, course: Course, user: TestUser, role = 'student'): Promise<void> {
  const path = `/courses/${course.id}/members`;
  expectStatus(
    await app.request('POST', path, { token: course.instructor.token, body: { userId: user.id, role } }),
    201,
  );
}

/** A published assignment with one test, unless told otherwise. */
export async function createAssignment(app: TestApp, course: Course, fields: Fields = {}): Promise<string> {
  const body = { title: 'An assignment', status: 'published', grading: GRADING, ...fields };
  const path = `/courses/${course.id}/assignments`;
  const token = course.instructor.token;
  return expectStatus(await app.request<{ id: string }>('POST', path, { token, body }), 201).id;
}

/** Hands in as JSON, whatever comes of it. */
export function submit(
  app: TestApp,
  user: TestUser,
  assignmentId: string,
  body: Fields = { files: [RIGHT] },
  headers: Readonly<Record<string, string>> = {},
): Promise<TestResponse<SubmissionBody>> {
  return app.request('POST', `/assignments/${assignmentId}/submissions`, { token: user.token, body, headers });
}

/** Hands in something that is accepted. */
export async function submitted(
  app: TestApp,
  user: TestUser,
  assignmentId: string,
  body?: Fields,
): Promise<SubmissionBody> {
  return expectStatus(await submit(app, user, assignmentId, body), 202);
}

function expectStatus<Body>(response: TestResponse<Body>, status: number): Body {
  if (response.status === status) return response.body;
  throw new Error(`A step of the test answered ${response.status}: ${JSON.stringify(response.body)}`);
}
