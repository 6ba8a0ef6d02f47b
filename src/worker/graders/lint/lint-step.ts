import type { LintTest } from '../../../grading/grading-document.js';
import type { LintFile } from '../../../grading/lint/lint-finding.js';
import type { LintToolKey, LintToolOnMachine } from '../../../sandbox/lint-tools.js';
import type { SandboxFile, SandboxStep } from '../../../sandbox/sandbox.js';
import { ESLINT_HARNESS } from './eslint-harness.js';
import { PYTHON_HARNESS } from './python-harness.js';

/** Below the protected folder, apart from the files of documents. */
const FOLDER = '.assay-lint';
const INSIDE = `/grader/${FOLDER}`;

/** A file whose text a tool is given. */
export type TextFile = LintFile & { readonly text: string };

/** What runs a tool: its program, and what it reads; where it reports is the same for all. */
type ToolStep = Pick<SandboxStep, 'argv' | 'stdin'>;

/**
 * Tools are given the text of files, not files: what was handed in is checked, whatever the build has made of it since, and no name,
 * link or configuration among it means anything to a tool.
 */
const STEPS: Readonly<Record<LintToolKey, (test: LintTest, program: string, files: readonly TextFile[]) => ToolStep>> =
  {
    pycodestyle: pythonStep,
    docstrings: pythonStep,
    eslint: (test, program, files) => ({
      argv: [program, `${INSIDE}/eslint.mjs`],
      stdin: task(test, files, { config: test.config, rules: test.rules }),
    }),
    shellcheck: shellcheckStep,
  };

/** The program that checks `files` as a test says. */
export function lintStep(test: LintTest, tool: LintToolOnMachine, files: readonly TextFile[]): ToolStep {
  return STEPS[tool.key](test, tool.program, files);
}

/** What has to lie in the protected folder for it. */
export function lintHarness({ key }: LintToolOnMachine, library: Buffer | null): readonly SandboxFile[] {
  if (key === 'shellcheck') return [];
  if (key === 'eslint') return [protectedFile('eslint.mjs', Buffer.from(ESLINT_HARNESS))];
  const harness = protectedFile('check.py', Buffer.from(PYTHON_HARNESS));
  return library === null ? [harness] : [harness, protectedFile('pycodestyle.py', library)];
}

function protectedFile(name: string, content: Buffer): SandboxFile {
  return { path: `${FOLDER}/${name}`, content, isProtected: true };
}

function task(test: LintTest, files: readonly TextFile[], options: object): Buffer {
  const texts = files.map(({ path, text }) => ({ path, text }));
  return Buffer.from(JSON.stringify({ tool: test.tool, inlineDisable: test.inlineDisable, ...options, files: texts }));
}

function pythonStep(test: LintTest, program: string, files: readonly TextFile[]): ToolStep {
  return {
    argv: [program, '-I', '-B', `${INSIDE}/check.py`],
    stdin: task(test, files, { maxLineLength: test.maxLineLength }),
  };
}

/** Takes the files, one after the other, from standard input, each of `$3`, … bytes and endings in turn, and calls them by number. */
const SHELLCHECK = `program=$1 shell=$2
shift 2
cd /tmp || exit 2
number=0
names=
while [ $# -gt 0 ]; do
  head -c "$1" > "$number$2" || exit 2
  names="$names $number$2"
  number=$((number + 1))
  shift 2
done
exec "$program" --norc --color=never --format=json1 \${shell:+--shell="$shell"} -- $names >&3`;

/** Where there is no first line that says it, ShellCheck goes by these. */
const SHELL_ENDING = /\.(?:sh|bash|dash|ksh|bats)$/;

/** How a comment for ShellCheck begins. Of the same length, so that all stands where it stood. */
const DIRECTIVE = /(#[\t \u00a0]*)shellcheck(?=\s)/g;

function shellcheckStep(test: LintTest, program: string, files: readonly TextFile[]): ToolStep {
  const contents = files.map(({ text }) =>
    Buffer.from(test.inlineDisable ? text : text.replace(DIRECTIVE, '$1shellchecK')),
  );
  const described = files.flatMap(({ path }, index) => [
    String(contents[index]?.length ?? 0),
    SHELL_ENDING.exec(path)?.[0] ?? '',
  ]);
  return {
    argv: ['/bin/sh', '-c', SHELLCHECK, 'sh', program, test.shell ?? '', ...described],
    stdin: Buffer.concat(contents),
  };
}
