import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildNative } from './native.mjs';
import { packageScript, root, runOrFail } from './processes.mjs';
import { CommandFailure, say, step } from './progress.mjs';

/** What the build reads. A folder that is missing, as src/ is in an image, has nothing newer than the build. */
const INPUTS = [
  'src',
  'migrations',
  'native',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];

/** Written last, so that a build that failed half-way is not taken for one. Holds the moment at which the build began. */
const STAMP = join(root, 'dist', '.built-at');

const LOCK = join(root, 'node_modules', '.assay-build-lock');
const LOCK_POLL_MS = 250;

/** Builds when dist/ is missing or older than what it is made from, with a line that says so. */
export async function ensureBuilt() {
  if (await isFresh()) return;
  await build();
}

/** Compiles src/, migrations/ and native/ into dist/. Two commands that start together build once. */
export async function build() {
  await whileHoldingTheLock(async (hadToWait) => {
    if (hadToWait && (await isFresh())) return;
    const startedAt = Date.now();
    await step('Building (nest build)', () =>
      runOrFail(process.execPath, [packageScript('@nestjs/cli/bin/nest.js'), 'build'], {
        failure: 'The build failed, see above. Correct the errors and run this again.',
      }),
    );
    await buildNative();
    await writeFile(STAMP, String(startedAt));
  });
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

/** Lets one command at a time build: the build begins with removing dist/. */
async function whileHoldingTheLock(work) {
  let hadToWait = false;
  while (!(await takeLock())) {
    if (!hadToWait) say('Another command is building; waiting for it …');
    hadToWait = true;
    await setTimeout(LOCK_POLL_MS);
  }
  try {
    return await work(hadToWait);
  } finally {
    await rm(LOCK, { force: true });
  }
}

async function takeLock() {
  try {
    await writeFile(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') throw new CommandFailure('The packages are not installed. Run this first: npm ci');
    if (error.code !== 'EEXIST') throw error;
  }
  // A command that was killed leaves its lock behind; no number in it yet means that it is being taken at this moment.
  const holder = Number(await readFile(LOCK, 'utf8').catch(() => ''));
  if (holder === 0 || isAlive(holder)) return false;
  await rm(LOCK, { force: true });
  return takeLock();
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}
