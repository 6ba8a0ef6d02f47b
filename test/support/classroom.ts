import type { TestApp, TestResponse, TestUser } from './test-app.js';
import { waitFor } from './wait-for.js';

/** A case of a test as the API shows it. */
export interface ShownCase {
  readonly name: string;
  readonly verdict: string;
  readonly points: number;
  readonly maxPoints: number;
  readonly message: string | null;
}

/** A test result as the API shows it. */
export interface ShownTest {
  readonly name: string;
  readonly kind: string;
  readonly verdict: string;
  readonly points: number;
  readonly maxPoints: number;
  readonly timeMs: number | null;
  readonly wallMs: number | null;
  readonly memoryKiB: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly message: string | null;
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly expected: string | null;
  readonly cases: readonly ShownCase[] | null;
  readonly hidden: boolean;
}

/** A submission as the API shows it. */
export interface ShownSubmission {
  readonly id: string;
  readonly assignmentId: string;
  readonly runtime: string;
  readonly status: 'queued' | 'running' | 'graded' | 'failed' | 'cancelled';
  readonly verdict: string | null;
  readonly score: number | null;
  readonly maxScore: number | null;
  readonly gradingVersion: number;
  readonly submittedAt: string;
  readonly startedAt: string | null;
  readonly gradedAt: string | null;
  readonly tests: readonly ShownTest[];
}

export interface Handed {
  /** Content by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly runtime?: string;
}

/** A course with an instructor and a student, through the API: what a test of grading starts from. */
export class Classroom {
  private assignments = 0;

  private constructor(
    readonly app: TestApp,
    readonly instructor: TestUser,
    readonly student: TestUser,
    readonly courseId: string,
  ) {}

  static async open(app: TestApp): Promise<Classroom> {
    const [instructor, student] = [await app.createUser({ role: 'instructor' }), await app.createUser()];
    const course = await app.request<{ id: string }>('POST', '/courses', {
      token: instructor.token,
      body: { code: 'CS1', title: 'Programming', status: 'published', enrolment: 'open' },
    });
    const { id } = expectStatus(course, 201);
    expectStatus(await app.request('POST', `/courses/${id}/enrol`, { token: student.token, body: {} }), 201);
    return new Classroom(app, instructor, student, id);
  }

  /** A published assignment that is graded so; returns its id. */
  async assign(grading: object): Promise<string> {
    this.assignments += 1;
    const body = { title: `Assignment ${this.assignments}`, status: 'published', grading };
    const { token } = this.instructor;
    const assignment = await this.app.request<{ id: string }>('POST', `/courses/${this.courseId}/assignments`, {
      token,
      body,
    });
    return expectStatus(assignment, 201).id;
  }

  /** Hands work in as the student; returns what the API answered. */
  async submit(assignmentId: string, { files, runtime }: Handed, token = this.student.token): Promise<ShownSubmission> {
    const list = Object.entries(files).map(([path, content]) => ({ path, content }));
    const body = { files: list, ...(runtime === undefined ? {} : { runtime }) };
    return expectStatus(
      await this.app.request<ShownSubmission>('POST', `/assignments/${assignmentId}/submissions`, { token, body }),
      202,
    );
  }

  async look(submissionId: string, token = this.student.token): Promise<ShownSubmission> {
    return expectStatus(await this.app.request<ShownSubmission>('GET', `/submissions/${submissionId}`, { token }), 200);
  }

  /** Waits until the submission has ended, however. */
  async ended(submissionId: string, token = this.student.token, timeoutMs = 60_000): Promise<ShownSubmission> {
    return waitFor(
      async () => {
        const submission = await this.look(submissionId, token);
        return submission.status === 'queued' || submission.status === 'running' ? null : submission;
      },
      { until: `submission ${submissionId} has ended`, timeoutMs, pollEveryMs: 50 },
    );
  }

  /** Assigns, submits and waits. */
  async grade(grading: object, handed: Handed): Promise<ShownSubmission> {
    const { id } = await this.submit(await this.assign(grading), handed);
    return this.ended(id);
  }
}

function expectStatus<Body>(response: TestResponse<Body>, status: number): Body {
  if (response.status === status) return response.body;
  throw new Error(`Expected ${status}, got ${response.status}: ${JSON.stringify(response.body)}`);
}
