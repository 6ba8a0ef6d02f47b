import { execFile } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedDemo } from '../support/demo.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

let app: TestApp;
let folder: TemporaryFolder;

beforeAll(async () => {
  app = await startTestApp();
  folder = await createTemporaryFolder();
  await seedDemo(app, join(folder.path, 'data', 'demo-accounts.json'));
  await symlink(join(root, 'demo'), join(folder.path, 'demo'));
});
afterAll(async () => {
  await app.close();
  await folder.remove();
});

/** The tour's commands, one script; and all that the README says they print. */
async function readTour(): Promise<{ script: string; printed: string }> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const tour = /<!-- tour:[^]*?<!-- tour end -->/.exec(readme)?.[0] ?? '';
  const blocksOf = (language: string): string =>
    [...tour.matchAll(new RegExp('```' + language + '\\n([^]*?)```', 'g'))].map((match) => match[1] ?? '').join('');
  return { script: blocksOf('sh'), printed: blocksOf('text') };
}

it('prints what the README says', async () => {
  const { script, printed } = await readTour();
  expect(printed.split('\n').length).toBeGreaterThan(10);
  const { stdout } = await run('bash', ['-c', script], {
    cwd: folder.path,
    env: { PATH: process.env['PATH'], ASSAY: app.url },
  });
  expect(stdout).toBe(printed);
});
