import type { FrameworkUnitTest, GradingDocument, InProcessFramework } from '../../../grading/grading-document.js';
import { limitsOf } from '../../../grading/limits.js';
import { textPreview } from '../../../grading/preview.js';
import { type DeclaredTitles, declaredTitles } from '../../../grading/unit/declared-titles.js';
import { judgeFramework } from '../../../grading/unit/judge-framework.js';
import { readRecords } from '../../../grading/unit/read-records.js';
import { GradingFault } from '../../grading-fault.js';
import type { GradingSession } from '../../grading-session.js';
import { cappedLimits, runLimits } from '../../run-limits.js';
import { frameworkStep } from './framework-step.js';
import { harnessFiles } from './harness-files.js';
import { newReportKey, signedRecords } from './signed-records.js';
import type { UnitRun } from './unit-run.js';

/** What to install where a framework is missing. */
const CURES: Readonly<Record<InProcessFramework, string>> = {
  pytest: 'apt-get install python3-pytest',
  unittest: 'apt-get install python3',
  'node-test': 'a Node.js with node:test',
  mocha: 'npm run toolbox',
  jest: 'npm run toolbox',
  vitest: 'npm run toolbox',
  junit: 'apt-get install junit5 junit4',
};

/** @throws GradingFault when the sandbox failed, or the framework is not there. */
export async function runFramework(session: GradingSession, test: FrameworkUnitTest): Promise<UnitRun> {
  const { document, ceilings, sandbox, signal } = session;
  const asked = limitsOf(document, test);
  const key = newReportKey();
  const { argv, stdin, harness } = frameworkStep(test, session, key);
  const ours = [...session.laidBeside, ...session.compiledTests].map((file) => ({ ...file, isProtected: true }));
  await sandbox.put([...ours, ...harnessFiles(...harness)]);
  const run = await sandbox.run({
    argv,
    stdin,
    environment: {},
    limits: runLimits(asked, ceilings),
    reports: true,
    showsProtected: true,
    isLast: document.tests.at(-1) === test,
    signal,
  });
  if (run.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in a test: ${run.reason ?? 'no reason'}`);
  }
  const told = readRecords(signedRecords(run.report ?? Buffer.alloc(0), key));
  if (told.missing !== null) {
    throw new GradingFault(`${test.framework} is not installed for this worker: ${CURES[test.framework]}`);
  }
  if (run.kind === 'exited' && !told.hasBegun) return notBegun(test, run);
  const titles = test.testsFrom === 'document' ? titlesIn(document, test) : null;
  const judged = judgeFramework(test, run, told, titles, cappedLimits(asked, ceilings));
  return { judged, runs: [run], shown: run };
}

/** Tests of JUnit are compiled before anything of ours can run: that they do not fit the submission is the submission's doing. */
function notBegun(test: FrameworkUnitTest, run: UnitRun['shown']): UnitRun {
  const said = textPreview(run.stderr, 2_000);
  if (test.framework !== 'junit' || run.exitCode !== 1 || said === '') {
    throw new GradingFault(`${test.framework} could not be started for a test: ${said}`);
  }
  if (/package org\.junit\S* does not exist/.test(said)) {
    throw new GradingFault(`junit is not installed for this worker: ${CURES.junit}`);
  }
  const judged = {
    verdict: 'runtime_error',
    points: 0,
    message: `The tests do not compile with the submission:\n${said}`,
    cases: [],
  } as const;
  return { judged, runs: [run], shown: run };
}

const JAVASCRIPT = /\.[cm]?[jt]sx?$/;
const CALLS_A_CASE = /\b(?:it|test|specify)\s*\(/;

/** The titles in the test files of the document; null for frameworks that name cases by their functions. */
function titlesIn({ files }: GradingDocument, { testFiles }: FrameworkUnitTest): DeclaredTitles | null {
  const sources = files.filter(({ path }) => JAVASCRIPT.test(path));
  const tests = sources.filter(({ path }) => testFiles.includes(path));
  if (tests.length === 0) return null;
  const found = tests.map(({ content, encoding }) => declaredTitles(Buffer.from(content, encoding).toString('utf8')));
  // Helpers may register cases for the tests that import them.
  const others = sources.filter((file) => !tests.includes(file));
  return {
    titles: found.flatMap(({ titles }) => titles),
    optional: found.flatMap(({ optional }) => optional),
    isComplete:
      found.every(({ isComplete }) => isComplete) && !others.some(({ content }) => CALLS_A_CASE.test(content)),
  };
}
