import { parseEnvironment } from '../../src/config/env.js';
import type { GradingDocument } from '../../src/grading/grading-document.js';
import { parseGradingDocument } from '../../src/grading/parse-grading-document.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import type { Runtime } from '../../src/sandbox/runtimes.js';
import type { SandboxStep } from '../../src/sandbox/sandbox.js';
import type { GradingSession } from '../../src/worker/grading-session.js';
import { FakeSession } from './fake-sandbox.js';

export const CEILINGS = parseEnvironment({}).limitCeilings;

/** A checked grading document; one test that expects `3` unless told otherwise. */
export function gradingDocument(overrides: Record<string, unknown> = {}): GradingDocument {
  const parsed = parseGradingDocument(
    { runtime: 'python', tests: [{ kind: 'program', name: 'adds', points: 2, expect: { stdout: '3' } }], ...overrides },
    { runtimes: ['python', 'c'], ceilings: CEILINGS },
  );
  if (!parsed.ok) throw new Error(`The grading document of the test is not valid: ${JSON.stringify(parsed.errors)}`);
  return parsed.document;
}

/** A runtime as on a machine that has it. */
export function runtime(overrides: Partial<Runtime> = {}): Runtime {
  return {
    key: 'python',
    title: 'Python',
    version: '3.11.2',
    available: true,
    reason: null,
    defaultEntrypoint: 'main.py',
    build: null,
    environment: {},
    binds: [],
    sitePackages: [],
    largeProgram: null,
    hasForkServer: true,
    command: (entrypoint, args) => ['/usr/bin/python3', entrypoint ?? 'main.py', ...args],
    thriftyCommand: null,
    ...overrides,
  };
}

export interface FakeGradingSession extends GradingSession {
  readonly sandbox: FakeSession;
}

/** A session in which programs do what `respond` says. */
export function gradingSession(
  respond: (step: SandboxStep) => RunOutcome | Promise<RunOutcome>,
  overrides: Partial<Omit<GradingSession, 'sandbox'>> = {},
): FakeGradingSession {
  return {
    document: gradingDocument(),
    runtime: runtime(),
    submitted: [],
    laidBeside: [],
    compiledTests: [],
    ceilings: CEILINGS,
    checkers: {
      run: () => Promise.reject(new Error('The test has no checkers.')),
      interact: () => Promise.reject(new Error('The test has no checkers.')),
    },
    sqlServers: { get: () => Promise.reject(new Error('There are no database servers here.')) },
    openBeside: () => Promise.reject(new Error('there is no other sandbox here')),
    signal: new AbortController().signal,
    ...overrides,
    sandbox: new FakeSession(respond),
  };
}
