/**
 * What can be read from the shell commands of an `autograding.json`: which runtime they are for, what they need that a sandbox
 * has not, and which of them make something that later tests need.
 */
export interface Commands {
  readonly setup: string;
  readonly run: string;
}

/** Words of commands, and the runtime that they speak of; the first kind that a command shows counts. */
const RUNTIME_WORDS: Readonly<Record<string, RegExp>> = {
  java: /\b(javac?|gradlew?|mvnw?|ant)\b/,
  cpp: /(\bg\+\+|\bclang\+\+|[.](cpp|cc|cxx)\b)/,
  c: /(\bgcc\b|\bmake\b|\bcc\b|\bclang\b|[.]c\b)/,
  python: /\b(python3?|pytest|pip3?|unittest)\b/,
  node: /\b(node|npm|npx|yarn|pnpm|jest|mocha)\b/,
};

/** The runtime of which most commands speak; null when none does. */
export function guessRuntime(tests: readonly Commands[]): string | null {
  const votes = new Map<string, number>();
  for (const { setup, run } of tests) {
    const found = Object.keys(RUNTIME_WORDS).find((key) => RUNTIME_WORDS[key]?.test(`${setup}\n${run}`) === true);
    if (found !== undefined) votes.set(found, (votes.get(found) ?? 0) + 1);
  }
  const [first] = [...votes].toSorted((a, b) => b[1] - a[1]);
  return first?.[0] ?? null;
}

const INSTALLS =
  /^(sudo\s+(-\S+\s+)*)?((\S*python3?\s+-m\s+)?pip3?|apt|apt-get|npm|yarn|pnpm|gem|conda|brew)\s+(-\S+\s+)*(install|update|upgrade|ci|i|add)\b/;

/** Whether a command does nothing but install programs, which no submission may do. */
export function onlyInstalls(command: string): boolean {
  const parts = command.split(/&&|\|\||;|\n/).map((part) => part.trim());
  return parts.some((part) => part !== '') && parts.every((part) => part === '' || INSTALLS.test(part));
}

const NEEDS: readonly (readonly [RegExp, string])[] = [
  [/\bsudo\b/, 'uses sudo, which the sandbox has not: the test cannot pass as it is'],
  [/\bgit\b/, 'uses git: only files are handed in, without a repository and its history'],
  [
    /\b(pip3?|npm|yarn|pnpm|gem|conda)\s+(-\S+\s+)*(install|ci|i|add)\b|\b(apt|apt-get|curl|wget|npx)\b|\b(gradlew?|mvnw?)\b|\bdotnet\s+restore\b|\bgo\s+get\b/,
    'downloads something, and the sandbox has no network: install it where grading runs, or hand it in',
  ],
  [
    /\b(cargo|rustc|go\s+(run|build|test)|dotnet|ruby|rspec|swift|kotlinc?|ghc|stack|php|phpunit|Rscript|mix|sbt|scala)\b/,
    'calls a program that no runtime of Assay brings along: install it where grading runs',
  ],
  [
    /\b(pytest|jest|mocha|vitest|bats)\b|\bnpm\s+(run\s+|-\S+\s+)*test\b/,
    'runs a test framework: it must be installed where grading runs, and students can forge its exit status',
  ],
];

/** What a command needs that a sandbox has not, as ends of sentences about it. */
export function unmetNeeds(command: string): string[] {
  return NEEDS.filter(([pattern]) => pattern.test(command)).map(([, reason]) => reason);
}

const COMPILES =
  /^(gcc|g\+\+|cc|c\+\+|clang|clang\+\+|javac|kotlinc|rustc|ghc|tsc|cmake|make(?!\b.*\b(test|check|run|grade))|(cargo|go|dotnet|npm\s+run)\s+build)(\s|$)/;

interface SharedCompilation {
  readonly index: number;
  readonly part: keyof Commands;
  readonly command: string;
}

/**
 * GitHub runs all tests in one folder, so that a first test may compile what the others run; in Assay no test sees what
 * another wrote. This finds the commands that compile for a later test, to be run before all tests; each once.
 */
export function sharedCompilations(tests: readonly Commands[]): SharedCompilation[] {
  const found: SharedCompilation[] = [];
  tests.forEach(({ setup, run }, index) => {
    for (const [part, text] of [
      ['setup', setup],
      ['run', run],
    ] as const) {
      const command = upToCompilation(text);
      if (command === null || found.some((one) => one.command === command)) continue;
      const isNeededLater = tests.slice(index + 1).some((later) => !`${later.setup}\n${later.run}`.includes(command));
      if (isNeededLater) found.push({ index, part, command });
    }
  });
  return found;
}

/** The beginning of a command with the last part that compiles: `cd src && make && ./a` → `cd src && make`. */
function upToCompilation(text: string): string | null {
  const parts = text.split(/(&&|\|\||;|\n)/);
  const last = parts.findLastIndex((part, index) => index % 2 === 0 && COMPILES.test(part.trim()));
  return last === -1
    ? null
    : parts
        .slice(0, last + 1)
        .join('')
        .trim();
}

/** A build that runs `commands` and never fails: whether they succeed is what the tests find out. */
export function forgivingBuild(commands: readonly string[]): string {
  return commands.map((command) => `(\n${command}\n) || true`).join('\n');
}

/** On GitHub `python` is Python 3; where a system has no such command, neither has the sandbox. */
const PYTHON = 'command -v python > /dev/null || python() { python3 "$@"; }';

/**
 * One shell script for `setup` and `run`, as GitHub runs them: each in a shell of its own, the input for `run` alone, and
 * nothing that `setup` prints is compared.
 */
export function testScript({ setup, run }: Commands): string {
  const lines = [];
  if (/\bpython(?![\w.])/.test(`${setup}\n${run}`)) lines.push(PYTHON);
  if (setup !== '') lines.push(`(\n${setup}\n) < /dev/null >&2 || exit 1`);
  return [...lines, run].join('\n');
}
