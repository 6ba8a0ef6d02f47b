import type { MutationFramework, MutationTest } from '../../../grading/grading-document.js';
import type { GradingSession } from '../../grading-session.js';
import { interpreterFor } from '../interpreter.js';

interface FrameworkCommand {
  readonly language: 'python' | 'node';
  /** What stands between the interpreter and the files of the suite. Frameworks stop at the first failure: it decides. */
  readonly words: readonly string[];
}

const TOOLBOX = '/node_modules';

const COMMANDS: Readonly<Record<MutationFramework, FrameworkCommand>> = {
  pytest: { language: 'python', words: ['-B', '-m', 'pytest', '-x', '-q', '-p', 'no:cacheprovider'] },
  unittest: { language: 'python', words: ['-B', '-m', 'unittest', '-f'] },
  'node-test': { language: 'node', words: ['--test', '--test-reporter=tap'] },
  mocha: { language: 'node', words: [`${TOOLBOX}/mocha/bin/mocha.js`, '--bail', '--exit'] },
  jest: {
    language: 'node',
    words: [
      `${TOOLBOX}/jest/bin/jest.js`,
      '--bail',
      '--ci',
      '--runInBand',
      // In place of a search for one, which fails where there is none.
      '--config={"rootDir":"/box"}',
      '--cacheDirectory=/tmp/jest',
      '--runTestsByPath',
    ],
  },
  vitest: {
    language: 'node',
    words: [`${TOOLBOX}/vitest/vitest.mjs`, 'run', '--bail=1', '--cache=false', '--root=/box'],
  },
};

/** @throws GradingFault when this worker does not have the language of the framework. */
export async function suiteCommand(
  session: GradingSession,
  { framework, run }: MutationTest,
  suite: readonly string[],
): Promise<readonly string[]> {
  // The word after the command is `$0`; what follows is `"$@"`.
  if (framework === null) return ['/bin/sh', '-c', run ?? '', 'sh', ...suite];
  const { language, words } = COMMANDS[framework];
  // No name is to be taken for an option.
  return [await interpreterFor(session, language), ...words, ...suite.map((path) => `./${path}`)];
}

/** What ends with 0 where the framework is there, and runs nothing of the submission; null for those that come with their language. */
export async function frameworkProbe(
  session: GradingSession,
  { framework }: MutationTest,
): Promise<readonly string[] | null> {
  if (framework === null || framework === 'unittest' || framework === 'node-test') return null;
  const [program = ''] = COMMANDS[framework].words;
  if (framework !== 'pytest') return ['/bin/sh', '-c', 'test -f "$1"', 'sh', program];
  return [await interpreterFor(session, 'python'), '-I', '-c', 'import pytest'];
}
