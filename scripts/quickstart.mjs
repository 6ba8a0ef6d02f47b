import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { demoAccounts, signIn } from './lib/demo-accounts.mjs';
import { demoSolutions, seedDemoCourse } from './lib/demo-course.mjs';
import { ensurePackages, ensureToolbox, requireNode } from './lib/packages.mjs';
import { root } from './lib/processes.mjs';
import { CommandFailure, runCommand, say, secondsSince, step } from './lib/progress.mjs';
import { RestClient } from './lib/rest-client.mjs';
import { ensureBubblewrap } from './lib/system-packages.mjs';
import { watchSubmission } from './lib/watch-submission.mjs';

/**
 * npm run quickstart: from a fresh clone to a graded solution. Installs and builds what is missing, starts API and worker
 * in one process on SQLite, puts the demo course onto it, hands in a right and a wrong solution, and keeps serving.
 */

const READY_WITHIN_MS = 60_000;

const host = process.env.HOST || '127.0.0.1';
const port = process.env.PORT || '3000';
const base = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;

/** @type {import('node:child_process').ChildProcess | null} */
let server = null;

/** The demo's server: everything in one process, whatever else this shell's environment is set up for. */
function startServer(admin) {
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist', 'src', 'main.js')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      HOST: host,
      PORT: port,
      ASSAY_ROLE: 'all',
      REDIS_URL: '',
      DATABASE_URL: 'sqlite:./data/assay.db',
      STORAGE_URL: 'file:./data/files',
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
    },
  });
  child.once('exit', (code, signal) => {
    server = null;
    process.exitCode = signal === null ? (code ?? 0) : 128 + constants.signals[signal];
  });
  return child;
}

async function waitUntilReady() {
  const startedAt = performance.now();
  while (performance.now() - startedAt < READY_WITHIN_MS) {
    if (server === null) throw new CommandFailure('The server ended before it was ready; its reason stands above.');
    const response = await fetch(`${base}/health/ready`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const last = await fetch(`${base}/health/ready`)
    .then((response) => response.text())
    .catch(String);
  throw new CommandFailure(`The server was not ready within ${READY_WITHIN_MS / 1000} s. It says: ${last}`);
}

/** Someone else may be serving on this port: their answers must not be taken for ours. */
async function requireFreePort() {
  const answer = await fetch(`${base}/health/live`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  if (answer === null) return;
  throw new CommandFailure(
    `Something already serves on ${base}. End it, or choose another port: PORT=3001 npm run quickstart`,
  );
}

async function showGrading(student, assignments) {
  // One without a limit of attempts, so that the demo may be started as often as one likes.
  const first = assignments.find((assignment) => assignment.maxAttempts === null) ?? assignments[0];
  const solutions = await demoSolutions(first.folder);
  const wrong = solutions.find((solution) => solution.verdict !== 'accepted');
  const right = solutions.find((solution) => solution.verdict === 'accepted');
  const { body: assignment } = await student.request('GET', `/assignments/${first.id}`);
  for (const [solution, label] of [
    [wrong, 'a solution with a mistake'],
    [right, 'a right solution'],
  ]) {
    if (solution !== undefined) await watchSubmission(student, assignment, solution, label);
  }
}

function printSummary(accounts, course, assignments) {
  say(`
Assay is serving at ${base}
  Swagger UI   ${base}/docs
  OpenAPI      ${base}/openapi.json
  Health       ${base}/health/ready

Demo course "${course.title}" (${course.code}) with ${assignments.length} assignments. Accounts:`);
  for (const [role, { email, password }] of Object.entries(accounts)) {
    say(`  ${role.padEnd(11)} ${email.padEnd(24)} ${password}`);
  }
  say(`
Sign in:  curl -s ${base}/api/v1/auth/login -H 'content-type: application/json' \\
            -d '{"email":"${accounts.student.email}","password":"${accounts.student.password}"}'
All data lies in ./data: remove the folder to start again. Ctrl-C stops the server.`);
}

async function prepareAssay() {
  await ensurePackages();
  await ensureBubblewrap();
  await ensureBuilt();
}

await runCommand(async () => {
  requireNode();
  if (process.platform !== 'linux') {
    throw new CommandFailure(
      'The sandbox needs Linux. On this system run Assay in containers: docker compose up (see docs/deployment.md).',
    );
  }
  // Both mostly wait for the registry.
  await Promise.all([prepareAssay(), ensureToolbox()]);
  const startedAt = performance.now();
  await requireFreePort();
  const accounts = await demoAccounts(join(root, 'data', 'demo-accounts.json'));
  server = startServer(accounts.admin);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server?.kill('SIGTERM'));
  try {
    await step('Starting', waitUntilReady);
    const guest = new RestClient(base);
    const admin = await signIn(guest, accounts.admin);
    const instructor = await signIn(guest, accounts.instructor);
    await admin.client.request('PATCH', `/users/${instructor.user.id}`, { body: { role: 'instructor' } });
    const teacher = await signIn(guest, accounts.instructor);
    const { course, assignments } = await seedDemoCourse(teacher.client, (done, total, title) => {
      if (process.stdout.isTTY) {
        process.stdout.write(`\r\x1b[2KDemo course: ${done}/${total} ${title}${done === total ? '\n' : ''}`);
      }
    });
    const student = await signIn(guest, accounts.student);
    await student.client.request('POST', `/courses/${course.id}/enrol`, { body: {} });
    say(`Ready after ${secondsSince(startedAt)} s: demo course with ${assignments.length} assignments`);
    await showGrading(student.client, assignments);
    printSummary(accounts, course, assignments);
  } catch (error) {
    server?.kill('SIGTERM');
    throw error;
  }
});
