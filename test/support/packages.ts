import { expect } from 'vitest';
import { zip } from './archives.js';
import type { TestApp, TestResponse, TestUser } from './test-app.js';
import { waitFor } from './wait-for.js';

/** Content by path. */
export type Files = Readonly<Record<string, string | Buffer>>;

export interface VerificationBody {
  readonly id: string;
  readonly status: 'running' | 'passed' | 'failed';
  readonly gradingVersion: number;
  readonly total: number;
  readonly right: number;
  readonly wrong: number;
  readonly items: readonly {
    readonly path: string;
    readonly submissionId: string | null;
    readonly actual: { readonly verdict: string | null; readonly score: number | null } | null;
    readonly ok: boolean | null;
    readonly refusal: string | null;
  }[];
}

export interface ImportedBody {
  readonly assignment: {
    readonly id: string;
    readonly title: string;
    readonly slug: string;
    readonly status: string;
    readonly instructions: string;
    readonly maxPoints: number;
    readonly grading: { readonly tests: readonly { readonly name: string }[] };
  };
  readonly warnings: readonly { readonly path: string; readonly message: string }[];
  readonly verification: VerificationBody | null;
}

/** A package as a client would send it. */
export function packed(files: Files): Buffer {
  return zip(Object.entries(files).map(([name, content]) => ({ name, content })));
}

export interface Sent {
  readonly format?: string;
  readonly name?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Imports a package, whatever comes of it. */
export function importPackage<Body = ImportedBody>(
  app: TestApp,
  user: TestUser,
  courseId: string,
  content: Buffer | string,
  { format = 'assay', name = 'package.zip', fields = {} }: Sent = {},
): Promise<TestResponse<Body>> {
  const form = new FormData();
  form.append('format', format);
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([Buffer.from(content)]), name);
  return app.request<Body>('POST', `/courses/${courseId}/assignments/import`, { token: user.token, body: form });
}

/** Imports a package that must be taken. */
export async function imported(...asked: Parameters<typeof importPackage>): Promise<ImportedBody> {
  const { status, body } = await importPackage(...asked);
  expect([status, body]).toEqual([201, body]);
  return body;
}

/** Waits until the verification has ended. */
export function verified(app: TestApp, user: TestUser, id: string, timeoutMs = 60_000): Promise<VerificationBody> {
  return waitFor(
    async () => {
      const { body } = await app.request<VerificationBody>('GET', `/verifications/${id}`, { token: user.token });
      return body.status !== 'running' && body;
    },
    { until: 'the verification has ended', timeoutMs, pollEveryMs: 200 },
  );
}

/** The bytes of an export. */
export async function exported(app: TestApp, user: TestUser, assignmentId: string): Promise<Buffer> {
  const response = await fetch(`${app.url}/api/v1/assignments/${assignmentId}/export`, {
    headers: { authorization: `Bearer ${user.token}` },
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
  return Buffer.from(await response.arrayBuffer());
}
