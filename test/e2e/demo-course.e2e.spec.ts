import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSolutions } from '../../scripts/lib/demo-course.mjs';
import { type Demo, seedDemo } from '../support/demo.js';
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

interface Graded {
  readonly id: string;
  readonly status: string;
  readonly verdict: string | null;
  readonly score: number | null;
}

/** Languages that a solution of an assignment with a choice may be written in, by the ending of its files. */
const RUNTIME_OF_ENDING: Readonly<Record<string, string>> = { py: 'python', js: 'node' };

/** Staff hand in without limits, so that every solution can be tried however many attempts a student has. */
async function grade(
  assignmentId: string,
  files: readonly { readonly path: string }[],
  isChoice: boolean,
): Promise<Graded> {
  const ending = files[0]?.path.split('.').at(-1) ?? '';
  const runtime = isChoice ? { runtime: RUNTIME_OF_ENDING[ending] } : {};
  const { body } = await demo.instructor.request('POST', `/assignments/${assignmentId}/submissions`, {
    body: { files, ...runtime },
  });
  const { id } = body as Graded;
  return waitFor(
    async () => {
      const graded = (await demo.instructor.request('GET', `/submissions/${id}`)).body as Graded;
      return graded.status === 'graded' || graded.status === 'failed' ? graded : null;
    },
    { until: 'the submission is graded', timeoutMs: 280_000, pollEveryMs: 500 },
  );
}

it('has at least six assignments, each with a right and a wrong solution', async () => {
  expect(demo.assignments.length).toBeGreaterThanOrEqual(6);
  for (const { folder: path, slug } of demo.assignments) {
    const verdicts = (await demoSolutions(path)).map(({ verdict }) => verdict);
    expect(verdicts, slug).toContain('accepted');
    expect(
      verdicts.some((verdict) => verdict !== 'accepted'),
      slug,
    ).toBe(true);
  }
});

it(
  'gives every solution the verdict that its folder names, and full points to the right ones',
  { timeout: 300_000 },
  async () => {
    const cases = await Promise.all(
      demo.assignments.map(async (assignment) => {
        const { body } = await demo.instructor.request('GET', `/assignments/${assignment.id}`);
        const { grading } = body as { grading: { runtimes?: readonly string[] | null } };
        const isChoice = (grading.runtimes ?? []).length > 0;
        return (await demoSolutions(assignment.folder)).map((solution) => ({ assignment, solution, isChoice }));
      }),
    );
    const graded = await Promise.all(
      cases.flat().map(async ({ assignment, solution, isChoice }) => {
        const { verdict, score } = await grade(assignment.id, solution.files, isChoice);
        return {
          name: `${assignment.slug} ${solution.name}`,
          wanted: `${solution.verdict}${solution.verdict === 'accepted' ? ` ${assignment.maxPoints}` : ''}`,
          got: `${verdict}${solution.verdict === 'accepted' ? ` ${score}` : ''}`,
        };
      }),
    );
    expect(graded.filter(({ wanted, got }) => wanted !== got)).toEqual([]);
  },
);

it('is left as it is when it is seeded again', async () => {
  const again = await seedDemo(app, join(folder.path, 'demo-accounts.json'));
  expect(again.courseId).toBe(demo.courseId);
  expect(again.assignments.map(({ id }) => id)).toEqual(demo.assignments.map(({ id }) => id));
});
