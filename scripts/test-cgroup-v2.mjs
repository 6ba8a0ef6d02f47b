import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { Cleanup } from './lib/cleanup.mjs';
import { ensurePackages, requireNode } from './lib/packages.mjs';
import { packageScript, root } from './lib/processes.mjs';
import { CommandFailure, say, secondsSince } from './lib/progress.mjs';
import { ensureSystemTools, systemTools } from './lib/system-packages.mjs';
import { bootToTheEnd, ensureUserModeLinux, MEMORY_MIB, prepareFolder, usableCpus } from './lib/user-mode-linux.mjs';

/**
 * npm run test:cgroup-v2: holds the sandbox to its promises on a kernel with cgroup v2, and ends with the line
 * `N passed, N failed`.
 *
 *   node scripts/test-cgroup-v2.mjs [root] [user] [--] [what vitest understands…]
 *
 * Where this process has a usable cgroup v2, the tests run here. Elsewhere a Linux kernel is started as an ordinary program
 * (user-mode Linux), with nothing but cgroup v2, and they run in there: once as root, and once as an ordinary user with a
 * delegated cgroup; `root` or `user` chooses one.
 */

const CONFIG = 'test/cgroup-v2/vitest.config.ts';
const USERS = ['root', 'user'];
/** Whose numbers mean nothing: an ordinary user's. Files of the project must be readable for it. */
const ORDINARY_UID = 1000;

const cleanup = new Cleanup();
let isInterrupted = false;
cleanup.onSignals((signal) => {
  isInterrupted = true;
  process.stderr.write(`\n${signal}: cleaning up …\n`);
});

const startedAt = performance.now();
let results = [{ passed: 0, failed: 1, skipped: 0, skippedNames: [], flakyNames: [] }];
try {
  results = await testAll(readArguments(process.argv.slice(2)));
} catch (error) {
  if (!isInterrupted) {
    process.stderr.write(`${error instanceof CommandFailure ? error.message : (error?.stack ?? String(error))}\n`);
  }
}
await cleanup.run();
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
for (const name of new Set(results.flatMap((result) => result.skippedNames))) say(`skipped: ${name}`);
say(`Took ${secondsSince(startedAt)} s.`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
say(`${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`}`);

function readArguments(args) {
  const firstOther = args.findIndex((arg) => !USERS.includes(arg));
  const users = firstOther === -1 ? args : args.slice(0, firstOther);
  const rest = firstOther === -1 ? [] : args.slice(firstOther);
  return {
    users: users.length === 0 ? USERS : [...new Set(users)],
    vitestArguments: rest[0] === '--' ? rest.slice(1) : rest,
  };
}

async function testAll({ users, vitestArguments }) {
  requireNode();
  await ensurePackages();
  await ensureSystemTools(Object.values(systemTools));
  const place = await usableCgroup();
  if (place !== null) {
    say(`This machine has cgroup v2, and ${place} is ours: the tests run here.`);
    await ensureBuilt();
    return [await testHere(vitestArguments)];
  }
  const kernel = await ensureUserModeLinux();
  await ensureBuilt();
  say('This process has no usable cgroup v2: the tests run in a user-mode Linux kernel, which takes some minutes.');

  const cpus = await usableCpus();
  const atATime = Math.max(1, Math.min(cpus.length, Math.floor(freemem() / (MEMORY_MIB * 1024 * 1024))));
  const results = [];
  for (let first = 0; first < users.length; first += atATime) {
    const some = users.slice(first, first + atATime);
    results.push(
      ...(await Promise.all(
        some.map((user, index) => testInside({ user, kernel, cpu: cpus[index], vitestArguments })),
      )),
    );
  }
  return results.flat();
}

/** Our own cgroup where it is in a v2 tree with what the sandbox needs and may be handed on; else null. */
async function usableCgroup() {
  const own = /^0::(\/.*)$/m.exec(await textOf('/proc/self/cgroup'))?.[1];
  const mount = /^\S+ \S+ \S+ (\/) (\/\S*) .* - cgroup2 /m.exec(await textOf('/proc/self/mountinfo'));
  if (own === undefined || mount === null) return null;
  const place = join(mount[2], own);
  const offered = (await textOf(join(place, 'cgroup.controllers'))).trim().split(' ');
  if (!['memory', 'pids'].every((controller) => offered.includes(controller))) return null;
  try {
    for (const name of ['', 'cgroup.procs', 'cgroup.subtree_control']) accessSync(join(place, name), constants.W_OK);
    return place;
  } catch {
    return null;
  }
}

function textOf(file) {
  return readFile(file, 'latin1').catch(() => '');
}

async function testHere(vitestArguments) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-cgroup-v2-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const tallyFile = join(folder, 'tally.json');
  const child = spawn(
    process.execPath,
    [packageScript('vitest/vitest.mjs'), 'run', '--config', CONFIG, ...vitestArguments],
    {
      cwd: root,
      env: { ...process.env, ASSAY_TEST_TALLY: tallyFile },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  cleanup.add(() => child.kill('SIGTERM'));
  const [status] = await once(child, 'close');
  return judge('here', await readFile(tallyFile, 'utf8').catch(() => null), status, vitestArguments);
}

async function testInside({ user, kernel, cpu, vitestArguments }) {
  const owner = (await stat(root)).uid;
  const folder = await prepareFolder({
    uid: user === 'root' ? 0 : owner === 0 ? ORDINARY_UID : owner,
    isWhole: vitestArguments.length === 0,
    vitestArguments,
  });
  cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const why = await bootToTheEnd({ name: user, kernel, folder, cpu, cleanup });
  const names = user === 'root' && vitestArguments.length === 0 ? ['in-the-root-cgroup', 'delegated'] : ['delegated'];
  return Promise.all(
    names.map(async (name) => {
      const read = (ending) => readFile(join(folder, `${name}.${ending}`), 'utf8').catch(() => null);
      const what = `${user}, ${name}`;
      if (why !== null) say(`${what}: the kernel was ended: ${why}.`);
      return judge(what, await read('json'), Number((await read('status')) ?? 1), vitestArguments);
    }),
  );
}

/** A run is good when it came to its end, ran something, and left nothing out but what was asked for. */
function judge(what, tallyText, status, vitestArguments) {
  if (tallyText === null) {
    say(`${what}: the tests did not come to an end, see above.`);
    return { passed: 0, failed: 1, skipped: 0, skippedNames: [], flakyNames: [] };
  }
  const tally = JSON.parse(tallyText);
  const complaints = [];
  if (tally.passed + tally.failed === 0) complaints.push('no test ran');
  if (vitestArguments.length === 0 && tally.skipped > 0) complaints.push(`${tally.skipped} tests were left out`);
  if (status !== 0 && tally.failed === 0) complaints.push(`vitest ended with status ${status} although no test failed`);
  for (const complaint of complaints) say(`${what}: ${complaint}.`);
  say(`${what}: ${tally.passed} passed, ${tally.failed} failed`);
  return { ...tally, failed: tally.failed + complaints.length };
}
