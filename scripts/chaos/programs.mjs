import { endOf } from './judge-facts.mjs';

/** Wide, so that no verdict depends on how busy the machine is. */
const LIMITS = { timeMs: 10_000, wallMs: 30_000 };

const sum = (stdin, stdout) => ({
  kind: 'program',
  name: `sum of ${stdin.trim()}`,
  points: 1,
  stdin,
  expect: { stdout },
});

/** How many tests `many` has. */
const MANY = 30;

/** The grading documents that the programs are handed in to. */
export const GRADINGS = {
  sum: { runtime: 'python', limits: LIMITS, tests: [sum('1 2\n', '3'), sum('20 22\n', '42')] },
  many: {
    runtime: 'python',
    limits: LIMITS,
    tests: Array.from({ length: MANY }, (_, number) => ({
      kind: 'program',
      name: `square of ${number}`,
      points: 1,
      stdin: `${number}\n`,
      expect: { stdout: String(number * number) },
    })),
  },
  one: { runtime: 'python', limits: LIMITS, tests: [sum('1 2\n', '3')] },
  brief: { runtime: 'python', limits: { timeMs: 3_000, wallMs: 3_000 }, tests: [sum('1 2\n', '3')] },
};

const ADD = 'a, b = map(int, input().split())\n';

const graded = (verdict, score) => [endOf({ status: 'graded', verdict, score })];

/** A line by which a program can be found among the machine's processes; a name has 15 characters at most. */
const named = (name) => `open('/proc/self/comm', 'w').write('${name}')\n`;

/**
 * What is handed in: to which grading document, the source, and the ends that are right.
 *
 * @type {Record<string, { grading: keyof typeof GRADINGS, source: string, expected: string[] }>}
 */
export const PROGRAMS = {
  right: { grading: 'sum', source: `${ADD}print(a + b)\n`, expected: graded('accepted', 2) },
  wrong: { grading: 'sum', source: `${ADD}print(a - b)\n`, expected: graded('wrong_answer', 0) },
  slow: { grading: 'sum', source: `import time\n${ADD}time.sleep(1)\nprint(a + b)\n`, expected: graded('accepted', 2) },
  crashing: { grading: 'sum', source: `${ADD}print(a // 0)\n`, expected: graded('runtime_error', 0) },
  many: { grading: 'many', source: 'print(int(input()) ** 2)\n', expected: graded('accepted', MANY) },
  brief: { grading: 'one', source: `${ADD}print(a + b)\n`, expected: graded('accepted', 1) },
};

/** Takes `seconds` and is right; found on the machine by `name`. */
export function sleeper(seconds, name) {
  return {
    grading: 'one',
    source: `import time\n${named(name)}${ADD}time.sleep(${seconds})\nprint(a + b)\n`,
    expected: graded('accepted', 1),
  };
}

/** Computes for `seconds` and is right. */
export function spinner(seconds, name) {
  return {
    grading: 'one',
    source: `import time\n${named(name)}${ADD}end = time.monotonic() + ${seconds}\nwhile time.monotonic() < end: pass\nprint(a + b)\n`,
    expected: graded('accepted', 1),
  };
}

/** Sleeps for ever; its assignment allows three seconds. */
export function neverEnding(name) {
  return {
    grading: 'brief',
    source: `import time\n${named(name)}${ADD}print(a + b, flush=True)\nwhile True: time.sleep(60)\n`,
    expected: graded('time_limit_exceeded', 0),
  };
}

/** The same program, for whoever cancels it. */
export const cancelled = (program) => ({
  ...program,
  expected: [endOf({ status: 'cancelled', verdict: null, score: null })],
});

/** The same program, which Assay must give up at no cost to the student. */
export const givenUp = (program) => ({
  ...program,
  expected: [endOf({ status: 'failed', verdict: 'judge_error', score: null })],
});
