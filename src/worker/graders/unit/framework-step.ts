import { posix } from 'node:path';
import type { FrameworkUnitTest, GradingDocument, InProcessFramework } from '../../../grading/grading-document.js';
import type { GradingSession } from '../../grading-session.js';
import { harnessPath } from './harness-files.js';
import { JUNIT_CLASS_PATH } from './junit-class-path.js';

/** How a framework is started, and which of our files it needs in the sandbox. */
export interface FrameworkStep {
  readonly argv: readonly string[];
  readonly stdin: Buffer;
  readonly harness: readonly string[];
}

type Start = (test: FrameworkUnitTest, session: GradingSession, key: string) => FrameworkStep;

const PYTHON = ['/usr/bin/python3', '-I', '-B', harnessPath('unit-python.py')];
const SETTINGS = {
  pytest: /^(?:pytest\.ini|pyproject\.toml|tox\.ini|setup\.cfg)$/,
  jest: /^jest\.config\.(?:js|cjs|mjs|json)$/,
  vitest: /^(?:vitest|vite)\.config\.(?:js|mjs)$/,
} as const;

/** A case that takes longer than this part of the elapsed time is given up by its framework, so that the others run. */
const CASE_PART = 4;
const SHORTEST_CASE_MS = 2_000;

function python(test: FrameworkUnitTest, session: GradingSession, key: string): FrameworkStep {
  const settings = settingsOf('pytest', session.document);
  return {
    argv: PYTHON,
    stdin: line({
      ...commonTask(test, session, key),
      settings: settings === null ? '/dev/null' : `/grader/${settings}`,
    }),
    harness: ['unit-python.py'],
  };
}

function node(test: FrameworkUnitTest, session: GradingSession, key: string): FrameworkStep {
  const { framework } = test;
  const settings = framework === 'jest' || framework === 'vitest' ? settingsOf(framework, session.document) : null;
  const wallMs = test.limits.wallMs ?? session.document.limits.wallMs;
  const caseTimeoutMs = Math.max(SHORTEST_CASE_MS, Math.floor(wallMs / CASE_PART));
  const reporter = `--test-reporter=${harnessPath('unit-node-reporter.mjs')}`;
  const options = { 'node-test': [reporter], jest: ['--experimental-vm-modules'] } as const;
  const own = framework === 'node-test' || framework === 'jest' ? options[framework] : [];
  const [interpreter = 'node'] = session.runtime.command(null, [], { ...NO_LIMITS, wallTimeMs: wallMs });
  return {
    argv: [interpreter, '--no-warnings', ...own, harnessPath('unit-node.mjs')],
    stdin: line({ ...commonTask(test, session, key), settings, caseTimeoutMs }),
    harness: HARNESS_OF_NODE[framework] ?? ['unit-node.mjs'],
  };
}

const HARNESS_OF_NODE: Partial<Record<InProcessFramework, readonly string[]>> = {
  'node-test': ['unit-node.mjs', 'unit-node-reporter.mjs'],
  jest: ['unit-node.mjs', 'unit-jest-reporter.cjs', 'unit-jest-setup.cjs'],
  vitest: ['unit-node.mjs', 'unit-vitest-setup.mjs'],
};

const NO_LIMITS = { cpuTimeMs: 0, wallTimeMs: 0, memoryMiB: 0, processes: 0, outputKiB: 0, diskMiB: 0 };

const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-Xshare:auto'];
/** What a JVM needs besides its heap, in MiB. */
const JVM_OVERHEAD_MIB = 160;
const CLASSES = '/tmp/assay-classes';

/**
 * Compiles the tests, and the harness with them, against what the build made, and starts it. No source and no annotation processor of
 * the submission is looked at: `$1` are the options of the JVM, the others the files.
 */
const JAVA = `options=$1 compiler=$2
shift 2
"$compiler" -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -proc:none -implicit:none -nowarn -encoding UTF-8 -d ${CLASSES} \\
  -sourcepath /grader/.assay/none -cp ${JUNIT_CLASS_PATH}:/box "$@" 3>&- || exit 1
exec java $options -cp ${JUNIT_CLASS_PATH}:${CLASSES}:/box UnitJava`;

function java(test: FrameworkUnitTest, session: GradingSession, key: string): FrameworkStep {
  const memoryMiB = test.limits.memoryMiB ?? session.document.limits.memoryMiB;
  const options = [...JVM, `-Xmx${Math.max(16, memoryMiB - JVM_OVERHEAD_MIB)}m`].join(' ');
  const folder = test.testsFrom === 'document' ? '/grader' : '/box';
  const sources = [harnessPath('UnitJava.java'), ...test.testFiles.map((path) => `${folder}/${path}`)];
  const classes = test.testFiles.map((path) => classOf(path, session));
  return {
    argv: ['/bin/sh', '-c', JAVA, 'sh', options, 'javac', ...sources],
    stdin: Buffer.from(`${[key, ...classes].join('\n')}\n`),
    harness: ['UnitJava.java'],
  };
}

/** The class of a source file: its package stands in the source, or, in one of the student, is its folder. */
function classOf(path: string, { compiledTests }: GradingSession): string {
  const name = posix.basename(path, '.java');
  const source = compiledTests.find((file) => file.path === path)?.content.toString('utf8');
  if (source === undefined) return path.replace(/\.java$/, '').replaceAll('/', '.');
  const [, folder] = /^\s*package\s+([\w.]+)\s*;/m.exec(source) ?? [];
  return folder === undefined ? name : `${folder}.${name}`;
}

const STARTS: Readonly<Record<InProcessFramework, Start>> = {
  pytest: python,
  unittest: python,
  'node-test': node,
  mocha: node,
  jest: node,
  vitest: node,
  junit: java,
};

/** How the framework of `test` is started with `key`. */
export function frameworkStep(test: FrameworkUnitTest, session: GradingSession, key: Buffer): FrameworkStep {
  return STARTS[test.framework](test, session, key.toString('hex'));
}

function commonTask(
  test: FrameworkUnitTest,
  { document }: GradingSession,
  key: string,
): Readonly<Record<string, unknown>> {
  return {
    key,
    framework: test.framework,
    files: test.testFiles,
    ours: document.files.map(({ path }) => path),
    isFree: test.testsFrom === 'submission',
  };
}

function settingsOf(framework: keyof typeof SETTINGS, { files }: GradingDocument): string | null {
  return files.find(({ path }) => SETTINGS[framework].test(path))?.path ?? null;
}

function line(task: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`${JSON.stringify(task)}\n`);
}
