import type {
  CommandTest,
  GradingDocument,
  LintTest,
  MutationTest,
  ProgramExpectation,
  ProgramTest,
} from '../../../src/grading/grading-document.js';
import type { ProgramRun } from '../../../src/grading/judge-program.js';
import { DEFAULT_LIMITS } from '../../../src/grading/limits.js';
import type { TestResult } from '../../../src/grading/test-result.js';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function expectation(overrides: Partial<ProgramExpectation> = {}): ProgramExpectation {
  return {
    stdout: null,
    stderr: null,
    compare: 'trimmed',
    caseSensitive: true,
    floatTolerance: null,
    exitCode: null,
    ...overrides,
  };
}

export function programTest(overrides: Partial<ProgramTest> = {}): ProgramTest {
  return {
    kind: 'program',
    name: 'adds',
    description: null,
    points: 1,
    visibility: 'visible',
    stdin: '',
    args: [],
    run: null,
    expect: expectation(),
    limits: {},
    ...overrides,
  };
}

export function commandTest(overrides: Partial<CommandTest> = {}): CommandTest {
  return {
    kind: 'command',
    name: 'custom',
    description: null,
    points: 10,
    visibility: 'visible',
    run: 'sh grade.sh',
    args: [],
    format: 'exit-code',
    output: null,
    expect: { exitCode: null },
    limits: {},
    tamperProof: false,
    ...overrides,
  };
}

export function lintTest(overrides: Partial<LintTest> = {}): LintTest {
  return {
    kind: 'lint',
    name: 'style',
    description: null,
    points: 10,
    visibility: 'visible',
    tool: 'pycodestyle',
    paths: ['**/*.py'],
    exclude: [],
    select: ['*'],
    ignore: [],
    inlineDisable: false,
    maxLineLength: null,
    shell: null,
    config: null,
    rules: null,
    files: null,
    deductions: [],
    floor: 0,
    limits: {},
    ...overrides,
  };
}

export function mutationTest(overrides: Partial<MutationTest> = {}): MutationTest {
  return {
    kind: 'mutation',
    name: 'suite',
    description: null,
    points: 10,
    visibility: 'visible',
    framework: 'pytest',
    run: null,
    suite: ['**/test_*.py'],
    reference: ['a.py'],
    mutants: [],
    generate: null,
    exclude: [],
    show: 'count',
    minTests: 1,
    target: 1,
    limits: {},
    tamperProof: false,
    ...overrides,
  };
}

export function gradingDocument(overrides: Partial<GradingDocument> = {}): GradingDocument {
  return {
    runtime: 'python',
    runtimes: null,
    entrypoint: null,
    requiredFiles: [],
    files: [],
    build: null,
    limits: DEFAULT_LIMITS,
    runner: 'auto',
    reuse: 'submission',
    systemSitePackages: false,
    stopOnFailure: false,
    tests: [programTest()],
    groups: [],
    ...overrides,
  };
}

export function programRun(overrides: Partial<ProgramRun> = {}): ProgramRun {
  return {
    kind: 'exited',
    exitCode: 0,
    signal: null,
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    stdoutTruncated: false,
    stderrTruncated: false,
    ...overrides,
  };
}

export function testResult(overrides: Partial<TestResult> = {}): TestResult {
  return {
    name: 'adds',
    kind: 'program',
    verdict: 'wrong_answer',
    points: 0,
    maxPoints: 2,
    timeMs: 12,
    wallMs: 15,
    memoryKiB: 9000,
    exitCode: 0,
    signal: null,
    message: 'expected "42"',
    stdout: '41',
    stderr: 'warning',
    expected: '42',
    cases: [{ name: 'one', verdict: 'wrong_answer', points: 0, maxPoints: 2, message: 'not 42' }],
    staffMessage: 'case 3 of 4',
    visibility: 'visible',
    ...overrides,
  };
}
