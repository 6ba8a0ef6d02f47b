import { firstExecutable, saidBy } from './host-programs.js';
import { detectRuntimes, type Runtime } from './runtimes.js';

/** Keys of the tools that look at files inside the sandbox, whether this machine has them or not. */
export const LINT_TOOL_KEYS = ['pycodestyle', 'docstrings', 'eslint', 'shellcheck'] as const;

export type LintToolKey = (typeof LINT_TOOL_KEYS)[number];

/** A tool that looks at files and runs none of them, as found on this machine. */
export interface LintToolOnMachine {
  readonly key: LintToolKey;
  readonly version: string | null;
  readonly available: boolean;
  /** Why it is not available and what to install; null when it is. */
  readonly reason: string | null;
  /** The program inside the sandbox that runs it: itself, or the interpreter of its language. */
  readonly program: string;
  /**
   * What of the machine has to be laid into the sandbox for it, by its path on the machine: a library in a folder that sandboxes
   * may not show. Null: nothing.
   */
  readonly library: string | null;
}

const PROGRAM_LIMITS = { cpuTimeMs: 0, wallTimeMs: 0, memoryMiB: 0, processes: 0, outputKiB: 0, diskMiB: 0 };

function missing(key: LintToolKey, reason: string): LintToolOnMachine {
  return { key, version: null, available: false, reason, program: key, library: null };
}

/** A tool that is written in a language, by the interpreter that programs of that language run with. */
function interpreted(key: LintToolKey, runtime: Runtime | undefined, title: string): LintToolOnMachine {
  const program = runtime?.command(null, [], PROGRAM_LIMITS)[0];
  if (runtime?.available !== true || program === undefined) {
    return missing(key, `${title} needs the runtime ${key === 'eslint' ? 'node' : 'python'}: ${runtime?.reason ?? ''}`);
  }
  return { key, version: runtime.version, available: true, reason: null, program, library: null };
}

async function findPycodestyle(python: Runtime | undefined): Promise<LintToolOnMachine> {
  const found = interpreted('pycodestyle', python, 'pycodestyle');
  if (!found.available) return found;
  const said = await saidBy(
    found.program,
    '-I',
    '-c',
    'import pycodestyle as p; print(p.__version__); print(p.__file__)',
  );
  const [version = '', library = ''] = said?.split('\n') ?? [];
  if (!library.endsWith('/pycodestyle.py')) {
    return missing('pycodestyle', 'pycodestyle is not installed: apt-get install pycodestyle');
  }
  return { ...found, version, library };
}

async function findShellcheck(): Promise<LintToolOnMachine> {
  const program = await firstExecutable(['/usr/bin/shellcheck', '/usr/local/bin/shellcheck']);
  const said = program?.startsWith('/usr/') === true ? await saidBy(program, '--version') : null;
  const version = said === null ? undefined : /version: (\S+)/.exec(said)?.[1];
  if (program === null || version === undefined) {
    return missing('shellcheck', 'ShellCheck is not installed in /usr: apt-get install shellcheck');
  }
  return { key: 'shellcheck', version, available: true, reason: null, program, library: null };
}

async function findLintTools(): Promise<readonly LintToolOnMachine[]> {
  const runtimes = await detectRuntimes();
  const of = (key: string): Runtime | undefined => runtimes.find((runtime) => runtime.key === key);
  return [
    await findPycodestyle(of('python')),
    interpreted('docstrings', of('python'), 'The check of docstrings'),
    // The library itself is the toolbox's, and looked for where it is used.
    interpreted('eslint', of('node'), 'ESLint'),
    await findShellcheck(),
  ];
}

let found: Promise<readonly LintToolOnMachine[]> | undefined;

/** Examines the machine once; later calls give the same answer. Every key of {@link LINT_TOOL_KEYS} is there, in that order. */
export function detectLintTools(): Promise<readonly LintToolOnMachine[]> {
  found ??= findLintTools();
  return found;
}
