import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CommandFailure, say } from '../scripts/lib/progress.mjs';
import { root } from '../scripts/lib/processes.mjs';
import { JAVASCRIPT_PROGRAM, PYTHON_PROGRAM } from './programs.mjs';
import { bars, median } from './statistics.mjs';

export const title = 'the sandbox alone: what one test costs besides its program, and a submission of twenty tests';

/** Of the system, by their names in `system-packages.mjs`. */
export const tools = ['bubblewrap', 'python', 'c'];

const CORES = availableParallelism();
const ROUNDS = 7;
const HELLOS = 60;
const TESTS = 20;
const SUBMISSIONS = 6;
const HELLO = '#include <unistd.h>\nint main(void) { return write(1, "hello\\n", 6) != 6; }\n';
/** Starts a program as often as it is told, waits for each, and says how long each took in microseconds. */
const LAUNCHER = `#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(int count, char **words) {
  (void)count;
  for (int left = atoi(words[1]); left > 0; left--) {
    struct timespec begin, end;
    int out[2], status;
    char text[64];
    if (pipe(out) != 0) return 1;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    pid_t child = vfork();
    if (child == 0) {
      dup2(out[1], 1);
      execve(words[2], words + 2, (char *[]){NULL});
      _exit(127);
    }
    close(out[1]);
    while (read(out[0], text, sizeof text) > 0) {
    }
    waitpid(child, &status, 0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    close(out[0]);
    if (status != 0) return 1;
    printf("%ld\\n", (end.tv_sec - begin.tv_sec) * 1000000 + (end.tv_nsec - begin.tv_nsec) / 1000);
  }
}
`;

const LIMITS = {
  cpuTimeMs: 5_000,
  wallTimeMs: 20_000,
  memoryMiB: 256,
  processes: 64,
  outputKiB: 64,
  diskMiB: 16,
};

const runFile = promisify(execFile);

const step = (argv, stdin = '') => ({ argv, stdin: Buffer.from(stdin), environment: {}, limits: LIMITS });

const inputOf = (test) => `${Array.from({ length: 50 }, (_, index) => (index * 37 + test * 101) % 1000).join(' ')}\n`;

function mustEnd(outcome) {
  if (outcome.kind !== 'exited' || outcome.exitCode !== 0) {
    throw new CommandFailure(`A program ended with ${outcome.kind} ${outcome.reason ?? outcome.stderr.toString()}.`);
  }
}

/** Median milliseconds of one hello: as the worker waits for it, one after the other in one session. */
async function helloIn(sandbox, hello) {
  const session = await sandbox.open({ runtime: 'c', network: 'none' });
  try {
    await session.put([{ path: 'hello', content: hello, executable: true }]);
    const times = [];
    const walls = [];
    for (let run = 0; run < HELLOS; run += 1) {
      const startedAt = performance.now();
      const outcome = await session.run(step(['/box/hello']));
      times.push(performance.now() - startedAt);
      mustEnd(outcome);
      walls.push(outcome.wallTimeMs);
    }
    return { waited: median(times), reported: median(walls) };
  } finally {
    await session.close();
  }
}

async function helloBare(launcher, hello) {
  const { stdout } = await runFile(launcher, [String(HELLOS), hello]);
  return median(stdout.trim().split('\n').map(Number)) / 1000;
}

/** Tests per second of whole submissions, as many side by side as there are cores, and one more to fill their waits. */
async function submissionsIn(sandbox, { runtime, file, command, forkServer = null, reuse = 'submission' }, shape) {
  const startedAt = performance.now();
  let left = shape.submissions;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const session = await sandbox.open({ runtime, network: 'none', forkServer, reuse });
      await session.put([file]);
      for (let test = 0; test < shape.tests; test += 1) mustEnd(await session.run(step(command, inputOf(test))));
      await session.close();
    }
  };
  await Promise.all(Array.from({ length: CORES + 1 }, lane));
  return (shape.submissions * shape.tests) / ((performance.now() - startedAt) / 1000);
}

/** The same interpreter, flags, program and inputs with nothing around them. */
async function submissionsBare(command, inputs, shape) {
  const files = Array.from({ length: shape.submissions * shape.tests }, (_, index) => inputs[index % shape.tests]);
  const startedAt = performance.now();
  const running = runFile('xargs', ['-P', String(CORES), '-n', '1', ...command], {
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', PYTHONHASHSEED: '0' },
  });
  running.child.stdin.end(`${files.join('\n')}\n`);
  await running;
  return files.length / ((performance.now() - startedAt) / 1000);
}

async function makePrograms(folder) {
  const made = {};
  for (const [name, source] of Object.entries({ hello: HELLO, launcher: LAUNCHER })) {
    made[name] = join(folder, name);
    await writeFile(`${made[name]}.c`, source);
    await runFile('/usr/bin/cc', ['-O2', '-static', '-o', made[name], `${made[name]}.c`]);
  }
  made.program = join(folder, 'main.py');
  await writeFile(made.program, PYTHON_PROGRAM);
  made.script = join(folder, 'main.js');
  await writeFile(made.script, JAVASCRIPT_PROGRAM);
  made.inputs = [];
  for (let test = 0; test < TESTS; test += 1) {
    made.inputs.push(join(folder, `${test}.in`));
    await writeFile(made.inputs[test], inputOf(test));
  }
  return made;
}

const ms = (value) => `${value.toFixed(2)} ms`;

const column = (rounds, name) => median(rounds.map((round) => round[name]));

export async function run(cleanup) {
  const { BubblewrapSandbox } = await import(join(root, 'dist', 'src', 'sandbox', 'bubblewrap-sandbox.js'));
  const { detectRuntimes } = await import(join(root, 'dist', 'src', 'sandbox', 'runtimes.js'));
  const folder = await mkdtemp(join(tmpdir(), 'assay-sandbox-bench-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const { hello, launcher, program, script, inputs } = await makePrograms(folder);

  const supervised = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: CORES });
  const separate = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: CORES, supervisor: null });
  cleanup.add(() => Promise.all([supervised.shutDown(), separate.shutDown()]));
  for (const sandbox of [supervised, separate]) {
    const { usable, reason, warnings } = await sandbox.probe();
    if (!usable) throw new CommandFailure(`The sandbox cannot be used here: ${reason}`);
    for (const warning of warnings) say(`  warning: ${warning}`);
  }

  const helloBytes = await readFile(hello);
  const hellos = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bare = await helloBare(launcher, hello);
    const one = await helloIn(supervised, helloBytes);
    const other = await helloIn(separate, helloBytes);
    // The first round warms all up.
    if (round > 0) {
      hellos.push({
        bare,
        supervised: one.waited,
        separate: other.waited,
        reported: one.reported,
        over: one.waited - bare,
        reportedOver: one.reported - bare,
      });
    }
  }
  say(`one hello in static C inside a running sandbox, medians of ${ROUNDS} rounds of ${HELLOS}:`);
  say(
    bars([
      ['bare (vfork, exec, wait)', column(hellos, 'bare'), ms(column(hellos, 'bare'))],
      ['supervised, by its own clock', column(hellos, 'reported'), ms(column(hellos, 'reported'))],
      ['supervised, as the worker waits', column(hellos, 'supervised'), ms(column(hellos, 'supervised'))],
      ['separate bubblewraps', column(hellos, 'separate'), ms(column(hellos, 'separate'))],
    ]),
  );
  say(
    `  over bare: ${ms(column(hellos, 'reportedOver'))} by its own clock, ${ms(column(hellos, 'over'))} as the worker waits`,
  );

  const runtimes = await detectRuntimes();
  const of = (key) => {
    const runtime = runtimes.find((candidate) => candidate.key === key);
    if (runtime?.available !== true) throw new CommandFailure(runtime?.reason ?? `There is no runtime ${key}.`);
    return runtime;
  };
  const python = {
    runtime: 'python',
    file: { path: 'main.py', content: Buffer.from(PYTHON_PROGRAM) },
    command: of('python').command(null, [], LIMITS),
  };
  const forked = { ...python, forkServer: { entrypoint: 'main.py' } };
  const node = {
    runtime: 'node',
    file: { path: 'main.js', content: Buffer.from(JAVASCRIPT_PROGRAM) },
    command: of('node').command(null, [], LIMITS),
  };
  const barePython = bareCommand(python.command, of('python'), program);
  const bareNode = bareCommand(node.command, of('node'), script);

  await compare(`${TESTS} Python tests a submission`, { tests: TESTS, submissions: SUBMISSIONS }, inputs, barePython, [
    ['copies of one interpreter', supervised, forked],
    ['… in a kept sandbox (reuse: lane)', supervised, { ...forked, reuse: 'lane' }],
    ['each executed (runner: exec)', supervised, python],
    ['separate bubblewraps', separate, python],
  ]);
  await compare('one Python test a submission', { tests: 1, submissions: 60 }, inputs, barePython, [
    ['copies of one interpreter', supervised, forked],
    ['… in a kept sandbox (reuse: lane)', supervised, { ...forked, reuse: 'lane' }],
    ['each executed (runner: exec)', supervised, python],
    ['separate bubblewraps', separate, python],
  ]);
  await compare(`${TESTS} JavaScript tests a submission`, { tests: TESTS, submissions: CORES + 1 }, inputs, bareNode, [
    ['supervised', supervised, node],
    ['separate bubblewraps', separate, node],
  ]);
}

/** What the sandbox would run, with the host's paths, its input named as an argument. */
function bareCommand([path, ...words], runtime, file) {
  return [runtime.binds[0]?.source ?? path, ...words.slice(0, -1), file];
}

/** Rounds of bare and each way in turn; prints rates and the medians of the ratios within a round. */
async function compare(title, shape, inputs, command, ways) {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bare = await submissionsBare(command, inputs, shape);
    const rates = [];
    for (const [, sandbox, way] of ways) rates.push(await submissionsIn(sandbox, way, shape));
    // The first round warms all up.
    if (round > 0) rounds.push({ bare, rates });
    say(
      `  round ${round}/${ROUNDS}: bare ${bare.toFixed(0)}; ${rates.map((rate) => rate.toFixed(0)).join(', ')} tests/s`,
    );
  }
  const bare = median(rounds.map((round) => round.bare));
  const rows = ways.map(([name], index) => {
    const rate = median(rounds.map(({ rates }) => rates[index]));
    const ratio = median(rounds.map((round) => round.rates[index] / round.bare));
    return [name, rate, `${rate.toFixed(0)} tests/s, ${ratio.toFixed(2)} of bare`];
  });
  say(`${title}, ${CORES} cores, medians of ${ROUNDS} rounds:`);
  say(bars([[`bare xargs -P ${CORES}`, bare, `${bare.toFixed(0)} tests/s`], ...rows]));
}
