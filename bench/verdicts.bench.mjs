import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../scripts/lib/processes.mjs';
import { CommandFailure, say, secondsSince } from '../scripts/lib/progress.mjs';
import { readStudentPrograms } from '../test/support/student-programs.mjs';
import { burnCpu } from './burner.mjs';
import { startServer } from './server.mjs';

export const title = 'the programs of test/programs/ get their verdicts, alone and under full load on all cores';

/** Of the system, by their names in `system-packages.mjs`. */
export const tools = ['bubblewrap', 'python'];

const CORES = availableParallelism();
const ROUNDS = 5;
const SAY_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 200;
/** Well before an access token ends. */
const SIGN_IN_EVERY_MS = 600_000;
/** The longest that a single program may take at all, on the busiest machine. */
const GIVE_UP_AFTER_MS = 300_000;

/** With `--quick`: so many programs of each verdict in each language, and one round under load. */
const QUICK_EACH = 2;

/**
 * `npm run bench -- verdicts [--quick]`. Grades every program alone, then all of them five times under load: one more at a
 * time than there are cores, and beside them a process on each core that only computes. Fails when any verdict is not the
 * declared one, and shows which.
 */
export async function run(cleanup) {
  const isQuick = process.argv.includes('--quick');
  const server = await startServer(cleanup);
  const { admin } = server;
  const programs = await gradable(admin, isQuick ? someOfEach(readStudentPrograms()) : readStudentPrograms());
  const assignments = await assign(admin, programs);

  const rounds = [await gradeAll(server, assignments, 'alone', 1)];
  const burners = burnCpu(cleanup, CORES);
  for (let round = 1; round <= (isQuick ? 1 : ROUNDS); round += 1) {
    rounds.push(await gradeAll(server, assignments, `under load, round ${round}`, programs.length));
  }
  burners.stop();

  const different = programs.filter((program) => rounds.some((round) => round.get(program.name) !== program.verdict));
  const count = `${programs.length} programs, once alone and ${rounds.length - 1} times under load on ${CORES} cores`;
  if (different.length === 0) {
    say(`${count}: every verdict is the declared one.`);
    return;
  }
  say(table(different, rounds));
  throw new CommandFailure(
    `${count}: ${different.length} of them did not get the declared verdict each time. A verdict that changes with the load is a limit that is too near, in the program's header, or a fault of the sandbox.`,
  );
}

/** Those whose runtime this machine has, and whose limits it can hold; says which are left out. */
async function gradable(admin, programs) {
  const available = new Set();
  let sandbox;
  // The sandbox is examined after the start.
  for (let look = 0; look < 300 && (sandbox === undefined || sandbox.driver === 'none'); look += 1) {
    const { body } = await admin.request('GET', '/runtimes');
    sandbox = body.sandbox;
    for (const runtime of body.items) if (runtime.available) available.add(runtime.key);
    if (sandbox.driver === 'none') await pause(100);
  }
  if (sandbox.driver === 'none') {
    throw new CommandFailure('This machine has no sandbox that works: see docs/sandbox.md.');
  }
  const hasCgroups = sandbox.holds.cgroup !== 'none';
  const isGradable = ({ runtime, needsCgroup }) => available.has(runtime) && (hasCgroups || !needsCgroup);
  const leftOut = programs.filter((program) => !isGradable(program));
  if (leftOut.length > 0) {
    say(`  left out for want of a runtime or of cgroups: ${leftOut.map(({ name }) => name).join(', ')}`);
  }
  return programs.filter(isGradable);
}

function someOfEach(programs) {
  const counts = new Map();
  return programs.filter(({ verdict, runtime }) => {
    const kind = `${verdict} ${runtime}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return counts.get(kind) <= QUICK_EACH;
  });
}

/** An assignment for each program, of one course; what is to be handed in stands beside it. */
async function assign(admin, programs) {
  const course = { code: 'BENCH', title: 'Verdicts', status: 'published' };
  const { body } = await admin.request('POST', '/courses', { body: course });
  const { detectRuntimes } = await import(pathToFileURL(join(root, 'dist', 'src', 'sandbox', 'runtimes.js')).href);
  const builds = new Map((await detectRuntimes()).map(({ key, build }) => [key, build]));
  const assignments = [];
  for (const program of programs) {
    const { cpuTimeMs: timeMs, wallTimeMs: wallMs, ...others } = program.limits;
    const expect = program.answer === null ? {} : { stdout: program.answer, compare: 'exact' };
    const build = builds.get(program.runtime);
    const grading = {
      runtime: program.runtime,
      ...(build === null ? {} : { build: { run: build, timeMs: program.buildTimeMs } }),
      limits: { timeMs, wallMs, ...others },
      tests: [{ kind: 'program', name: 'runs', points: 1, stdin: program.stdin, expect }],
    };
    const made = await admin.request('POST', `/courses/${body.id}/assignments`, {
      body: { title: program.name, status: 'published', grading },
    });
    assignments.push({ id: made.body.id, program });
  }
  return assignments;
}

/** Grades each program once, so many at a time at most. @returns {Promise<Map<string, string>>} verdicts by name */
async function gradeAll(server, assignments, what, atATime) {
  const startedAt = performance.now();
  let admin = await server.signInAgain();
  let signedInAt = startedAt;
  const before = cpuTimes();
  const verdicts = new Map();
  const waiting = [...assignments];
  const running = new Map();
  let saidAt = startedAt;
  let endedAt = startedAt;
  while (waiting.length > 0 || running.size > 0) {
    if (performance.now() - signedInAt > SIGN_IN_EVERY_MS) {
      admin = await server.signInAgain();
      signedInAt = performance.now();
    }
    while (waiting.length > 0 && running.size < atATime) {
      const { id, program } = waiting.shift();
      const body = { files: program.files };
      const { body: submission } = await admin.request('POST', `/assignments/${id}/submissions`, { body });
      running.set(submission.id, program.name);
    }
    for (const [id, name] of running) {
      const { body } = await admin.request('GET', `/submissions/${id}`);
      // They are graded about in the order in which they came: what is behind one in the queue needs no look.
      if (body.status === 'queued') break;
      if (body.status === 'running') continue;
      verdicts.set(name, body.verdict ?? body.status);
      running.delete(id);
      endedAt = performance.now();
    }
    if (performance.now() - endedAt > GIVE_UP_AFTER_MS) {
      throw new CommandFailure(
        `Nothing was graded for ${GIVE_UP_AFTER_MS / 1000} s: ${[...running.values()].join(', ')}`,
      );
    }
    if (performance.now() - saidAt > SAY_EVERY_MS) {
      saidAt = performance.now();
      say(`  ${what}: ${verdicts.size} of ${assignments.length}`);
    }
    await pause(atATime === 1 ? 5 : LOOK_EVERY_MS);
  }
  const busy = (busyShare(before, cpuTimes()) * 100).toFixed(0);
  say(`  ${what}: ${verdicts.size} programs in ${secondsSince(startedAt)} s, the cores busy for ${busy} % of it`);
  const others = assignments.filter(({ program }) => verdicts.get(program.name) !== program.verdict);
  if (others.length > 0) say(`  ${what}: not as declared: ${others.map(({ program }) => program.name).join(', ')}`);
  return verdicts;
}

/** Milliseconds that all cores together were idle, and in all. */
function cpuTimes() {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { idle, all };
}

function busyShare(before, after) {
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A row for each program, with its verdict in each round; a point is the declared one. */
function table(programs, rounds) {
  const heads = ['program', 'declared', 'alone', ...rounds.slice(1).map((_, index) => `load ${index + 1}`)];
  const rows = programs.map(({ name, verdict }) => [
    name,
    verdict,
    ...rounds.map((round) => (round.get(name) === verdict ? '.' : round.get(name))),
  ]);
  const widths = heads.map((_, column) => Math.max(...[heads, ...rows].map((row) => row[column].length)));
  return [heads, ...rows]
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`)
    .join('\n');
}
