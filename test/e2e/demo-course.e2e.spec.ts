import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSolutions } from '../../scripts/lib/demo-course.mjs';
import { type Demo, seedDemo } from '../support/demo.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

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

interface Assignment {
  readonly status: string;
  readonly grading: {
    readonly runtime?: string;
    readonly services?: readonly unknown[];
    readonly tests: readonly { readonly kind: string; readonly engine?: string; readonly tool?: string }[];
  };
}

it('has assignments that students see, each with right and wrong solutions', async () => {
  expect(demo.assignments.length).toBeGreaterThanOrEqual(20);
  for (const { id, folder: path, slug } of demo.assignments) {
    const { body } = await demo.student.request('GET', `/assignments/${id}`);
    expect((body as Assignment).status, slug).toBe('published');
    const verdicts = (await demoSolutions(path)).map(({ verdict }) => verdict);
    expect(verdicts, slug).toContain('accepted');
    expect(
      verdicts.some((verdict) => verdict !== 'accepted'),
      slug,
    ).toBe(true);
  }
});

it('is about what a course on back ends is about', async () => {
  const documents = await Promise.all(
    demo.assignments.map(async ({ id }) => {
      const { body } = await demo.instructor.request('GET', `/assignments/${id}`);
      return (body as Assignment).grading;
    }),
  );
  expect(new Set(documents.map(({ runtime }) => runtime))).toEqual(new Set(['python', 'node', 'bash', 'c', undefined]));
  const tests = documents.flatMap((document) => document.tests);
  expect(new Set(tests.map(({ kind }) => kind))).toEqual(
    new Set(['program', 'http', 'sql', 'mutation', 'lint', 'command']),
  );
  expect(new Set(tests.flatMap(({ engine }) => engine ?? []))).toEqual(new Set(['sqlite', 'mysql', 'postgres']));
  expect(tests.some(({ tool }) => tool === 'dockerfile')).toBe(true);
  expect(documents.some(({ services = [] }) => services.includes('redis'))).toBe(true);
  const slugs = demo.assignments.map(({ slug }) => slug);
  for (const about of ['flask', 'express', 'django', 'redis', 'jwt', 'oauth', 'sql', 'dockerfile']) {
    expect(slugs.join(' ')).toContain(about);
  }
});

it('is left as it is when it is seeded again', async () => {
  const again = await seedDemo(app, join(folder.path, 'demo-accounts.json'));
  expect(again.courseId).toBe(demo.courseId);
  expect(again.assignments.map(({ id }) => id)).toEqual(demo.assignments.map(({ id }) => id));
});

it('grades nothing by being seeded', async () => {
  for (const { id } of demo.assignments) {
    const { body } = await demo.instructor.request('GET', `/assignments/${id}/verifications`);
    expect((body as { items: unknown[] }).items).toEqual([]);
  }
});
