import { cappedLimit, runtimeFields, withinCeilings } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import type { TranslationOptions, Warn } from '../translated-package.js';
import {
  type Commands,
  forgivingBuild,
  guessRuntime,
  onlyInstalls,
  sharedCompilations,
  testScript,
  unmetNeeds,
} from './commands.js';

/** One test of GitHub Classroom, from whichever file. */
export interface ClassroomTest extends Commands {
  /** Where warnings say that it stands. */
  readonly path: string;
  /** Names of its parts in that file. */
  readonly parts: { readonly setup: string; readonly run: string; readonly timeout: string };
  readonly name: string;
  readonly points: number;
  readonly stdin: string;
  readonly expect: Readonly<Record<string, unknown>>;
  /** Elapsed time, in minutes. */
  readonly minutes: number;
}

/** Room that GitHub's machines give and compilers need; they set no limits. */
const ROOM = { memoryMiB: 1024, processes: 256, diskMiB: 256 } as const;

const BUILD_TIME_MS = 30_000;

/** Runtimes whose default build GitHub would not run. */
const COMPILED = new Set(['c', 'cpp', 'java']);

/** The commands of a test as they can be run, after warnings of what they need. */
export function usableCommands(
  asked: Commands,
  path: string,
  parts: { readonly setup: string; readonly run: string },
  warn: Warn,
): Commands {
  let { setup } = asked;
  if (onlyInstalls(setup)) {
    warn(`${path}/${parts.setup}`, `only installs programs (${setup}): left out; install them where grading runs`);
    setup = '';
  }
  for (const [part, text] of [
    [parts.setup, setup],
    [parts.run, asked.run],
  ] as const) {
    for (const reason of unmetNeeds(text)) warn(`${path}/${part}`, reason);
  }
  return { setup, run: asked.run };
}

/** The grading document of some tests; there is at least one. @throws PackageFault */
export function classroomDocument(
  found: readonly ClassroomTest[],
  { runtimes, ceilings }: TranslationOptions,
  file: string,
  warn: Warn,
): Readonly<Record<string, unknown>> {
  if (found.length === 0) throw PackageFault.at(file, 'holds no test that can be used');
  const tests = found.map((test) => {
    const wallMs = cappedLimit('wallMs', test.minutes * 60_000, ceilings, `${test.path}/${test.parts.timeout}`, warn);
    return {
      kind: 'program',
      name: test.name,
      points: test.points,
      run: testScript(test),
      ...(test.stdin === '' ? {} : { stdin: test.stdin }),
      ...(Object.keys(test.expect).length === 0 ? {} : { expect: test.expect }),
      // There is no limit of CPU time on GitHub.
      limits: { timeMs: Math.min(wallMs, ceilings.timeMs), wallMs },
    };
  });
  if (tests.every((test) => test.points === 0)) {
    warn(file, 'no test gives points: give some in the grading document');
  }
  const keys = runtimes.length > 0 ? runtimes : [runtimeFor(found, file, warn)];
  const room = withinCeilings(ROOM, ceilings);
  return { ...runtimeFields(keys), ...buildOf(found, keys, warn), ...withCommonLimits(tests, room) };
}

function runtimeFor(tests: readonly ClassroomTest[], file: string, warn: Warn): string {
  const guess = guessRuntime(tests);
  if (guess === null) {
    warn(file, 'no command says which language this is: runtime bash is used; name another with `runtime`');
  }
  return guess ?? 'bash';
}

function buildOf(
  tests: readonly ClassroomTest[],
  keys: readonly string[],
  warn: Warn,
): Readonly<Record<string, unknown>> {
  const shared = sharedCompilations(tests);
  for (const { index, part } of shared) {
    const test = tests[index];
    if (test === undefined) continue;
    warn(
      `${test.path}/${test.parts[part]}`,
      'is run in the build as well: here, other than on GitHub, no test sees what another wrote',
    );
  }
  if (shared.length > 0) {
    return { build: { run: forgivingBuild(shared.map(({ command }) => command)), timeMs: BUILD_TIME_MS } };
  }
  // GitHub compiles nothing by itself, and a file that does not compile need not matter to the tests.
  return keys.some((key) => COMPILED.has(key)) ? { build: { run: 'true' } } : {};
}

/** Limits that all tests share are said once. */
function withCommonLimits(
  tests: readonly { readonly limits: { readonly timeMs: number; readonly wallMs: number } }[],
  room: Readonly<Record<string, number>>,
): Readonly<Record<string, unknown>> {
  const common = tests[0]?.limits;
  if (common === undefined || tests.some(({ limits }) => limits.wallMs !== common.wallMs)) {
    return { limits: room, tests };
  }
  return { limits: { ...common, ...room }, tests: tests.map(({ limits: _limits, ...test }) => test) };
}
