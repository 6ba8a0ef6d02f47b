import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageScript, root, runOrFail } from './processes.mjs';
import { CommandFailure, say, step } from './progress.mjs';

/** What the build reads. A folder that is missing, as src/ is in an image, has nothing newer than the build. */
const INPUTS = ['src', 'migrations', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/** Written last, so that a build that failed half-way is not taken for one. Holds the moment at which the build began. */
const STAMP = join(root, 'dist', '.built-at');

const LOCK = join(root, 'node_modules', '.assay-build-lock');
const LOCK_IS_STALE_AFTER_MS = 180_000;

/** Builds when dist/ is missing or older than what it is made from, with a line that says so. */
export async function ensureBuilt() {
  if (await isFresh()) return;
  await build();
}

/** Compiles src/ and migrations/ into dist/. Two commands that start together build once. */
export async function build() {
  await step('Building (nest build)', () =>
    whileHoldingTheLock(async (hadToWait) => {
      if (hadToWait && (await isFresh())) return;
      const startedAt = Date.now();
      await runOrFail(process.execPath, [packageScript('@nestjs/cli/bin/nest.js'), 'build'], {
        failure: 'The build failed, see above. Correct the errors and run this again.',
      });
      await writeFile(STAMP, String(startedAt));
    }),
  );
}

async function isFresh() {
  const builtAt = Number(await readFile(STAMP, 'utf8').catch(() => '0'));
  if (builtAt === 0) return !(await exists(join(root, 'src'))) && (await exists(join(root, 'dist')));
  const changedAt = await Promise.all(INPUTS.map((path) => newest(join(root, path))));
  return Math.max(...changedAt) < builtAt;
}

async function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The latest change below a path; folders count too, since removing a file changes nothing else. */
async function newest(path) {
  const entry = await stat(path).catch(() => null);
  if (entry === null) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  const names = await readdir(path);
  return Math.max(entry.mtimeMs, ...(await Promise.all(names.map((name) => newest(join(path, name))))));
}

async function whileHoldingTheLock(work) {
  let hadToWait = false;
  for (;;) {
    try {
      await mkdir(LOCK);
      break;
    } catch (error) {
      if (error.code === 'ENOENT') throw new CommandFailure('The packages are not installed. Run this first: npm ci');
      if (error.code !== 'EEXIST') throw error;
      await removeWhenStale();
      if (!hadToWait) say('Another command is building; waiting for it …');
      hadToWait = true;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  try {
    return await work(hadToWait);
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

/** A command that was killed leaves its lock behind. */
async function removeWhenStale() {
  const lock = await stat(LOCK).catch(() => null);
  if (lock !== null && Date.now() - lock.mtimeMs > LOCK_IS_STALE_AFTER_MS) {
    await rm(LOCK, { recursive: true, force: true });
  }
}
