import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { Cleanup } from './lib/cleanup.mjs';
import { ensurePackages, ensureToolbox, requireNode } from './lib/packages.mjs';
import { packageScript, root, signalRunning } from './lib/processes.mjs';
import { CommandFailure, say, secondsSince } from './lib/progress.mjs';
import { provideServers } from './lib/servers/test-servers.mjs';
import { ensureSystemTools, systemTools } from './lib/system-packages.mjs';

/**
 * npm test: gets everything that the tests need, runs them, and ends with the line `N passed, N failed`.
 *
 *   node scripts/test.mjs [unit] [contract] [integration] [e2e] [what vitest understands…]
 *
 * Without a name, all four. TEST_DATABASE=sqlite|mariadb|postgres narrows the integration tests to one database, and
 * E2E_BACKEND=sqlite|mariadb the end-to-end tests to one backend.
 */

const ALL_TOOLS = Object.values(systemTools);

/** What each part needs, and the projects of vitest.config.ts that it is made of, by backend. */
const parts = {
  unit: { projects: { '': [] }, tools: [], isBuilt: false },
  contract: { projects: { '': ['mariadb', 'postgres', 'redis'] }, tools: ALL_TOOLS, hasToolbox: true, isBuilt: true },
  integration: {
    projects: { sqlite: [], mariadb: ['mariadb'], postgres: ['postgres'] },
    narrowedBy: 'TEST_DATABASE',
    tools: [],
    isBuilt: true,
  },
  e2e: {
    projects: { sqlite: [], mariadb: ['mariadb', 'redis'] },
    narrowedBy: 'E2E_BACKEND',
    tools: ALL_TOOLS,
    hasToolbox: true,
    isBuilt: true,
  },
};

/** Settings of a person's own Assay must not decide what the tests find; they set what they need themselves. */
const FOREIGN_SETTINGS =
  /^(NODE_ENV|PORT|HOST|PUBLIC_URL|DATABASE_.*|REDIS_.*|STORAGE_.*|JWT_.*|ADMIN_.*|REGISTRATION|SMTP_URL|MAIL_FROM|EMAIL_VERIFICATION|WORKER_.*|SANDBOX(_.*)?|LIMIT_.*|RATE_.*|LOG_LEVEL|GRADING_.*|OUTBOX_.*|TOOLBOX_.*|ASSAY_ROLE)$/;

const cleanup = new Cleanup();
let isInterrupted = false;
cleanup.onSignals((signal) => {
  isInterrupted = true;
  process.stderr.write(`\n${signal}: cleaning up …\n`);
  signalRunning('SIGTERM');
});

const startedAt = performance.now();
let result = { passed: 0, failed: 1, skipped: 0, skippedNames: [], flakyNames: [] };
try {
  result = await testAll(readArguments(process.argv.slice(2)));
} catch (error) {
  // What fails because it was ended is no news.
  if (!isInterrupted) {
    process.stderr.write(`${error instanceof CommandFailure ? error.message : (error?.stack ?? String(error))}\n`);
  }
}
await cleanup.run();
for (const name of result.skippedNames) say(`skipped: ${name}`);
for (const name of result.flakyNames) say(`passed at the second try only: ${name}`);
say(`Took ${secondsSince(startedAt)} s.`);
process.exitCode = result.failed === 0 ? 0 : 1;
say(`${result.passed} passed, ${result.failed} failed${result.skipped === 0 ? '' : `, ${result.skipped} skipped`}`);

function readArguments(args) {
  const firstOther = args.findIndex((arg) => !Object.hasOwn(parts, arg));
  const names = firstOther === -1 ? args : args.slice(0, firstOther);
  const rest = firstOther === -1 ? [] : args.slice(firstOther);
  return {
    names: names.length === 0 ? Object.keys(parts) : names,
    vitestArguments: rest[0] === '--' ? rest.slice(1) : rest,
  };
}

/** The projects to run, each with the servers that it needs. */
function chooseProjects(names) {
  return names.flatMap((name) => {
    const { projects, narrowedBy } = parts[name];
    const only = narrowedBy === undefined ? undefined : process.env[narrowedBy];
    if (only !== undefined && !Object.hasOwn(projects, only)) {
      throw new CommandFailure(`${narrowedBy} must be one of ${Object.keys(projects).join(', ')}.`);
    }
    return Object.entries(projects)
      .filter(([backend]) => only === undefined || backend === only)
      .map(([backend, servers]) => ({ project: backend === '' ? name : `${name}-${backend}`, servers }));
  });
}

async function testAll({ names, vitestArguments }) {
  requireNode();
  const projects = chooseProjects(names);
  await ensurePackages();
  await ensureSystemTools([...new Set(names.flatMap((name) => parts[name].tools))]);
  const servers = [...new Set(projects.flatMap((project) => project.servers))];
  // All are waited for, also when one fails: cleaning up must find whatever the others have started.
  const [serversReady, ...prepared] = await Promise.allSettled([
    provideServers(servers, cleanup),
    names.some((name) => parts[name].isBuilt) ? ensureBuilt() : undefined,
    names.some((name) => parts[name].hasToolbox) ? ensureToolbox() : undefined,
  ]);
  for (const outcome of [serversReady, ...prepared]) if (outcome.status === 'rejected') throw outcome.reason;
  return runVitest(projects, vitestArguments, serversReady.value);
}

async function runVitest(projects, vitestArguments, serverVariables) {
  // All temporary files of the tests, so that those of a killed one go too. Passable for the users that sandboxes run as.
  const folder = await mkdtemp(join(tmpdir(), 'assay-test-'));
  await chmod(folder, 0o711);
  cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const tallyFile = join(folder, 'tally.json');
  const settings = Object.entries(process.env).filter(([name]) => !FOREIGN_SETTINGS.test(name));
  const status = await runInGroup(
    [
      packageScript('vitest/vitest.mjs'),
      'run',
      ...projects.flatMap(({ project }) => ['--project', project]),
      ...vitestArguments,
    ],
    { ...Object.fromEntries(settings), ...serverVariables, TMPDIR: folder, ASSAY_TEST_TALLY: tallyFile },
  );
  const text = await readFile(tallyFile, 'utf8').catch(() => null);
  if (text === null) throw new CommandFailure(`vitest ended with status ${status} and without a result, see above.`);
  return judge(JSON.parse(text), status, projects, vitestArguments);
}

/** A run is good only when each project ran something, and vitest itself found nothing to complain about. */
function judge(tally, status, projects, vitestArguments) {
  const complaints = [];
  const isWhole = vitestArguments.every((argument) => argument.startsWith('--coverage'));
  if (isWhole) {
    for (const { project } of projects) {
      if ((tally.ranByProject[project] ?? 0) === 0) complaints.push(`No test ran in ${project}.`);
    }
  } else if (tally.passed + tally.failed === 0) {
    complaints.push('No test matches what was asked for.');
  }
  if (status !== 0 && tally.failed === 0 && complaints.length === 0) {
    complaints.push(`vitest ended with status ${status} although no test failed, see above.`);
  }
  for (const complaint of complaints) say(complaint);
  return { ...tally, failed: tally.failed + complaints.length };
}

/**
 * Runs vitest in a process group of its own, so that whatever ends this command can end the workers, the applications and
 * the sandboxes that the tests have started.
 */
async function runInGroup(args, env) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
  const signalGroup = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      // Nobody is left in the group: what we wanted.
      if (error.code !== 'ESRCH') throw error;
    }
  };
  cleanup.add(async () => {
    signalGroup('SIGTERM');
    const timer = setTimeout(() => signalGroup('SIGKILL'), 5_000);
    await ended.catch(() => {});
    clearTimeout(timer);
    signalGroup('SIGKILL');
  });
  return ended;
}
