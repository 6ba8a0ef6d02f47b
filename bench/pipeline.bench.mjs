import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailure, say } from '../scripts/lib/progress.mjs';
import { cpuMicroseconds } from './cpu-time.mjs';
import { JAVASCRIPT_PROGRAM, PYTHON_PROGRAM } from './programs.mjs';
import { bars, median, quantile } from './statistics.mjs';
import { createAssignment, postMany, startServer } from './server.mjs';

export const title =
  'graded tests per second, HTTP POST to stored verdict, against the bare interpreter on the same programs';

/** Of the system, by their names in `system-packages.mjs`. */
export const tools = ['bubblewrap', 'python'];

const CORES = availableParallelism();
const ROUNDS = 5;
/** Rounds of single tests before anything counts, besides the first round of each shape. */
const WARM_UPS = 4;
/** Over so many connections the submissions of a round come in. */
const CONNECTIONS = 10;

/** The interpreters are those that the sandbox runs, by their absolute paths. */
const LANGUAGES = {
  python: { interpreter: '/usr/bin/python3', path: 'main.py', program: PYTHON_PROGRAM },
  node: { interpreter: process.execPath, path: 'main.js', program: JAVASCRIPT_PROGRAM },
};

/** How many submissions a round has, for each number of tests in one: about as many program runs whatever the number. */
const SHAPES = [
  { title: '1 Python test a submission', language: 'python', tests: 1, submissions: 120, reuse: 'submission' },
  { title: '1 Python test a submission, reuse: lane', language: 'python', tests: 1, submissions: 120, reuse: 'lane' },
  { title: '20 Python tests a submission', language: 'python', tests: 20, submissions: 8, reuse: 'submission' },
  { title: '20 JavaScript tests a submission', language: 'node', tests: 20, submissions: 6, reuse: 'submission' },
];

function numbersOf(test) {
  return Array.from({ length: 50 }, (_, index) => (index * 37 + test * 101) % 1000);
}

function gradingOf({ language, tests, reuse }) {
  return {
    runtime: language,
    entrypoint: LANGUAGES[language].path,
    reuse,
    limits: { timeMs: 5_000, wallMs: 20_000 },
    tests: Array.from({ length: tests }, (_, test) => {
      const numbers = numbersOf(test);
      return {
        kind: 'program',
        name: `sum ${test}`,
        points: 1,
        stdin: `${numbers.join(' ')}\n`,
        expect: { stdout: `${numbers.reduce((sum, number) => sum + number, 0)}\n`, compare: 'tokens' },
      };
    }),
  };
}

/** Runs the program on each file with nothing around it, as many at a time as there are cores. Seconds. */
async function bare(interpreter, program, files) {
  const startedAt = performance.now();
  const child = spawn('xargs', ['-P', String(CORES), '-n', '1', interpreter, program], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
  });
  child.stdin.end(`${files.join('\n')}\n`);
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new CommandFailure(`xargs ended with ${code}.`);
  return (performance.now() - startedAt) / 1000;
}

function filesOf(language) {
  const { path, program } = LANGUAGES[language];
  return [{ path, content: program }];
}

/** Hands in that many submissions and waits until the last verdict is stored. Seconds, and milliseconds of Node's CPU. */
async function assay({ base, pid, admin, adminToken }, assignment, { language, submissions }) {
  const cpuBefore = await cpuMicroseconds(pid);
  const startedAt = performance.now();
  const accepted = await postMany({
    url: `${base}/api/v1/assignments/${assignment.id}/submissions`,
    token: adminToken,
    body: { files: filesOf(language) },
    times: submissions,
    connections: CONNECTIONS,
  });
  // Ids rise with time. Whoever asked every few milliseconds from the start would take the processor from the grading.
  const newest = accepted.reduce((latest, { id }) => (id > latest ? id : latest), '');
  await untilGraded(admin, newest);
  for (const status of ['queued', 'running']) await waitForNone(admin, assignment, status);
  // One that was handed back between the two looks is queued again.
  await waitForNone(admin, assignment, 'queued');
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuMs = ((await cpuMicroseconds(pid)) - cpuBefore) / 1000 / submissions;
  const last = await admin.request('GET', `/submissions/${newest}`);
  if (last.body.verdict !== 'accepted') {
    throw new CommandFailure(`A submission was ${last.body.verdict ?? last.body.status} instead of accepted.`);
  }
  return { seconds, cpuMs };
}

async function untilGraded(admin, submissionId) {
  for await (const { event } of admin.events(`/submissions/${submissionId}/events`)) if (event === 'graded') return;
}

async function waitForNone(admin, assignment, status) {
  for (let look = 0; look < 1_000; look += 1) {
    const { body } = await admin.request('GET', `/assignments/${assignment.id}/submissions?status=${status}&limit=1`);
    const [latest] = body.items;
    if (latest === undefined) return;
    // Whoever asked again and again would take the processor from the grading.
    await untilGraded(admin, latest.id);
  }
  throw new CommandFailure(`There was always one more submission ${status}.`);
}

/** One submission of one test on an idle server, from the POST to the verdict, in milliseconds. */
async function unloaded(admin, assignment) {
  const startedAt = performance.now();
  const { body } = await admin.request('POST', `/assignments/${assignment.id}/submissions`, {
    body: { files: filesOf('python') },
  });
  await untilGraded(admin, body.id);
  return performance.now() - startedAt;
}

export async function run(cleanup) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bare-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const programs = {};
  for (const [language, { path, program }] of Object.entries(LANGUAGES)) {
    programs[language] = join(folder, path);
    await writeFile(programs[language], program);
  }
  const inputs = [];
  for (let test = 0; test < 20; test += 1) {
    inputs.push(join(folder, `${test}.in`));
    await writeFile(inputs[test], `${numbersOf(test).join(' ')}\n`);
  }
  const server = await startServer(cleanup);
  const { admin } = server;

  // A server compiles its hot code while it runs; a term is longer than a round.
  const warming = await createAssignment(admin, gradingOf(SHAPES[0]), 'warming up');
  for (let turn = 0; turn < WARM_UPS; turn += 1) await assay(server, warming, SHAPES[0]);

  for (const shape of SHAPES) {
    const { title: name, language, tests, submissions } = shape;
    const { interpreter } = LANGUAGES[language];
    const assignment = await createAssignment(admin, gradingOf(shape), name);
    const files = Array.from({ length: tests * submissions }, (_, index) => inputs[index % tests]);
    const rounds = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const bareRate = files.length / (await bare(interpreter, programs[language], files));
      const { seconds, cpuMs } = await assay(server, assignment, shape);
      const assayRate = files.length / seconds;
      // The first round warms both up.
      if (round > 0) rounds.push({ bareRate, assayRate, ratio: assayRate / bareRate, cpuMs });
      say(`  round ${round}/${ROUNDS}: bare ${bareRate.toFixed(0)}, Assay ${assayRate.toFixed(0)} tests/s`);
    }
    const bareRate = median(rounds.map((round) => round.bareRate));
    const assayRate = median(rounds.map((round) => round.assayRate));
    say(`${name}, ${CORES} cores, medians of ${ROUNDS} rounds:`);
    say(
      bars([
        [`bare xargs -P ${CORES} ${interpreter}`, bareRate, `${bareRate.toFixed(0)} tests/s`],
        ['Assay', assayRate, `${assayRate.toFixed(0)} tests/s`],
      ]),
    );
    say(
      `  ratio ${median(rounds.map((round) => round.ratio)).toFixed(2)} of bare; ` +
        `${median(rounds.map((round) => round.cpuMs)).toFixed(1)} ms CPU of the Node process a submission`,
    );
  }

  const assignment = await createAssignment(admin, gradingOf(SHAPES[0]), 'unloaded');
  const bareMs = [];
  const assayMs = [];
  for (let round = 0; round < 30; round += 1) {
    bareMs.push((await bare(LANGUAGES.python.interpreter, programs.python, [inputs[0]])) * 1000);
    assayMs.push(await unloaded(admin, assignment));
  }
  say(
    `Unloaded, one test, POST to verdict: p50 ${median(assayMs).toFixed(1)} ms, p95 ${quantile(assayMs, 0.95).toFixed(1)} ms; bare p50 ${median(bareMs).toFixed(1)} ms`,
  );
  say(
    `  ratio p50 ${(median(assayMs) / median(bareMs)).toFixed(2)}, p95 ${(quantile(assayMs, 0.95) / quantile(bareMs, 0.95)).toFixed(2)} of bare`,
  );
}
