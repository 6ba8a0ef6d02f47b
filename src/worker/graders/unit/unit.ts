import type { UnitTest } from '../../../grading/grading-document.js';
import { textPreview } from '../../../grading/preview.js';
import { GradingFault } from '../../grading-fault.js';
import type { GradingSession } from '../../grading-session.js';
import type { Grader } from '../grader.js';
import { runCalls } from './run-calls.js';
import { runFramework } from './run-framework.js';
import { runReported } from './run-reported.js';
import type { UnitRun } from './unit-run.js';

function runUnit(session: GradingSession, test: UnitTest): Promise<UnitRun> {
  if (test.isolated) return runCalls(session, test);
  return 'run' in test ? runReported(session, test) : runFramework(session, test);
}

/** Runs the cases of a framework, or calls functions of the submission, and makes a line of each. */
export const gradeUnit: Grader<'unit'> = async (session, test) => {
  const { judged, runs, shown } = await runUnit(session, test);
  const { verdict, points, message, cases } = judged;
  if (verdict === 'judge_error') throw new GradingFault(`A unit test could not be judged: ${message ?? 'no reason'}`);
  return {
    name: test.name,
    kind: test.kind,
    visibility: test.visibility,
    verdict,
    points,
    maxPoints: test.points,
    timeMs: sum(runs.map(({ cpuTimeMs }) => cpuTimeMs)),
    wallMs: sum(runs.map(({ wallTimeMs }) => wallTimeMs)),
    memoryKiB: largest(runs.map(({ peakMemoryKiB }) => peakMemoryKiB)),
    exitCode: shown.exitCode,
    signal: shown.signal,
    message,
    stdout: textPreview(shown.stdout),
    stderr: textPreview(shown.stderr),
    expected: null,
    cases,
  };
};

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.round(known.reduce((total, value) => total + value, 0));
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.round(Math.max(...known));
}
