import type { ReportedUnitTest } from '../../../grading/grading-document.js';
import { limitsOf } from '../../../grading/limits.js';
import { judgeReported } from '../../../grading/unit/judge-reported.js';
import { GradingFault } from '../../grading-fault.js';
import type { GradingSession } from '../../grading-session.js';
import { cappedLimits, runLimits } from '../../run-limits.js';
import { commandStep, resultsOf } from '../command-step.js';
import type { UnitRun } from './unit-run.js';

/** @throws GradingFault when the sandbox failed. */
export async function runReported(session: GradingSession, test: ReportedUnitTest): Promise<UnitRun> {
  const { document, ceilings, sandbox, signal } = session;
  const asked = limitsOf(document, test);
  const command = { ...test, format: test.framework };
  await sandbox.put(session.laidBeside.map((file) => ({ ...file, isProtected: true })));
  const run = await sandbox.run({
    ...commandStep(command),
    stdin: Buffer.alloc(0),
    environment: {},
    limits: runLimits(asked, ceilings),
    showsProtected: true,
    isLast: document.tests.at(-1) === test,
    signal,
  });
  if (run.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in a test: ${run.reason ?? 'no reason'}`);
  }
  const results = resultsOf(command, run);
  return { judged: judgeReported(test, { ...run, results }, cappedLimits(asked, ceilings)), runs: [run], shown: run };
}
