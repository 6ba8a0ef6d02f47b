import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSolutions } from '../../scripts/lib/demo-course.mjs';
import { type Demo, seedDemo } from '../support/demo.js';
import type { VerificationBody } from '../support/packages.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

let app: TestApp;
let folder: TemporaryFolder;
let demo: Demo;

beforeAll(async () => {
  app = await startTestApp();
  folder = await createTemporaryFolder();
  demo = await seedDemo(app, join(folder.path, 'demo-accounts.json'));
});
afterAll(async () => {
  await app.close();
  await folder.remove();
});

async function verified(assignmentId: string): Promise<VerificationBody> {
  const { body } = await demo.instructor.request('POST', `/assignments/${assignmentId}/verify`);
  const { id } = body as VerificationBody;
  return waitFor(
    async () => {
      const proof = (await demo.instructor.request('GET', `/verifications/${id}`)).body as VerificationBody;
      return proof.status === 'running' ? null : proof;
    },
    { until: 'the solutions are graded', timeoutMs: 880_000, pollEveryMs: 1_000 },
  );
}

it(
  'gives every solution of the demo course the verdict that its folder names, and full points to the right ones',
  { timeout: 900_000 },
  async () => {
    const proofs = await Promise.all(
      demo.assignments.map(async ({ id, slug, maxPoints, folder: path }) => {
        const { status, items, total } = await verified(id);
        const wrong = items.filter(({ ok }) => ok !== true).map((item) => [item.path, item.actual, item.refusal]);
        const short = items
          .filter((item) => item.path.startsWith('accepted') && item.actual?.score !== maxPoints)
          .map((item) => item.path);
        return { slug, status, wrong, short, left: (await demoSolutions(path)).length - total };
      }),
    );
    expect(proofs).toEqual(
      demo.assignments.map(({ slug }) => ({ slug, status: 'passed', wrong: [], short: [], left: 0 })),
    );
  },
);
