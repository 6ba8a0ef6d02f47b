import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailure, say } from '../scripts/lib/progress.mjs';
import { bars, median, quantile } from './statistics.mjs';
import { createAssignment, startServer } from './server.mjs';

export const title = 'graded tests per second, HTTP POST to stored verdict, against bare python3 on the same programs';

const PYTHON = '/usr/bin/python3';
const CORES = availableParallelism();
const ROUNDS = 5;
const PROGRAM = `import sys
source = open(sys.argv[1]) if len(sys.argv) > 1 else sys.stdin
print(sum(int(word) for word in source.read().split()))
`;

/** How many submissions a round has, for each number of tests in one: about as many program runs either way. */
const SHAPES = [
  { tests: 1, submissions: 120 },
  { tests: 20, submissions: 8 },
];

function numbersOf(test) {
  return Array.from({ length: 50 }, (_, index) => (index * 37 + test * 101) % 1000);
}

function gradingOf(tests) {
  return {
    runtime: 'python',
    entrypoint: 'main.py',
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
async function bare(program, files) {
  const startedAt = performance.now();
  const child = spawn('xargs', ['-P', String(CORES), '-n', '1', PYTHON, program], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
  });
  child.stdin.end(`${files.join('\n')}\n`);
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new CommandFailure(`xargs ended with ${code}.`);
  return (performance.now() - startedAt) / 1000;
}

/** Hands in that many submissions at once and waits until the last verdict is stored. Seconds. */
async function assay(admin, assignment, submissions) {
  const startedAt = performance.now();
  const files = [{ path: 'main.py', content: PROGRAM }];
  const accepted = await Promise.all(
    Array.from({ length: submissions }, () =>
      admin.request('POST', `/assignments/${assignment.id}/submissions`, { body: { files } }),
    ),
  );
  for (const status of ['queued', 'running']) await waitForNone(admin, assignment, status);
  // One that was handed back between the two looks is queued again.
  await waitForNone(admin, assignment, 'queued');
  const seconds = (performance.now() - startedAt) / 1000;
  const last = await admin.request('GET', `/submissions/${accepted.at(-1).body.id}`);
  if (last.body.verdict !== 'accepted') {
    throw new CommandFailure(`A submission was ${last.body.verdict ?? last.body.status} instead of accepted.`);
  }
  return seconds;
}

async function waitForNone(admin, assignment, status) {
  for (let look = 0; look < 6_000; look += 1) {
    const { body } = await admin.request('GET', `/assignments/${assignment.id}/submissions?status=${status}&limit=1`);
    if (body.items.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new CommandFailure(`Submissions were still ${status} after two minutes.`);
}

/** One submission of one test on an idle server, from the POST to the verdict, in milliseconds. */
async function unloaded(admin, assignment) {
  const startedAt = performance.now();
  const { body } = await admin.request('POST', `/assignments/${assignment.id}/submissions`, {
    body: { files: [{ path: 'main.py', content: PROGRAM }] },
  });
  for await (const { event } of admin.events(`/submissions/${body.id}/events`)) if (event === 'graded') break;
  return performance.now() - startedAt;
}

export async function run(cleanup) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bare-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, 'main.py');
  await writeFile(program, PROGRAM);
  const inputs = [];
  for (let test = 0; test < 20; test += 1) {
    inputs.push(join(folder, `${test}.in`));
    await writeFile(inputs[test], `${numbersOf(test).join(' ')}\n`);
  }
  const { admin } = await startServer(cleanup);

  for (const { tests, submissions } of SHAPES) {
    const assignment = await createAssignment(admin, gradingOf(tests), `${tests} tests`);
    const files = Array.from({ length: tests * submissions }, (_, index) => inputs[index % tests]);
    const rounds = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const bareRate = files.length / (await bare(program, files));
      const assayRate = files.length / (await assay(admin, assignment, submissions));
      // The first round warms both up.
      if (round > 0) rounds.push({ bareRate, assayRate, ratio: assayRate / bareRate });
      say(`  round ${round}/${ROUNDS}: bare ${bareRate.toFixed(0)}, Assay ${assayRate.toFixed(0)} tests/s`);
    }
    const bareRate = median(rounds.map((round) => round.bareRate));
    const assayRate = median(rounds.map((round) => round.assayRate));
    say(`${tests} test${tests === 1 ? '' : 's'} a submission, ${CORES} cores, medians of ${ROUNDS} rounds:`);
    say(
      bars([
        [`bare xargs -P ${CORES} ${PYTHON}`, bareRate, `${bareRate.toFixed(0)} tests/s`],
        ['Assay', assayRate, `${assayRate.toFixed(0)} tests/s`],
      ]),
    );
    say(`  ratio ${median(rounds.map((round) => round.ratio)).toFixed(2)} of bare`);
  }

  const assignment = await createAssignment(admin, gradingOf(1), 'unloaded');
  const bareMs = [];
  const assayMs = [];
  for (let round = 0; round < 30; round += 1) {
    bareMs.push((await bare(program, [inputs[0]])) * 1000);
    assayMs.push(await unloaded(admin, assignment));
  }
  say(
    `Unloaded, one test, POST to verdict: p50 ${median(assayMs).toFixed(1)} ms, p95 ${quantile(assayMs, 0.95).toFixed(1)} ms; bare p50 ${median(bareMs).toFixed(1)} ms`,
  );
  say(
    `  ratio p50 ${(median(assayMs) / median(bareMs)).toFixed(2)}, p95 ${(quantile(assayMs, 0.95) / quantile(bareMs, 0.95)).toFixed(2)} of bare`,
  );
}
