import { boundedCases, type CaseResult } from '../case-results.js';
import { caseName } from '../command-results/reported-case.js';
import type { GradingLimits, HttpTest } from '../grading-document.js';
import { judgeEnd, type Judgement, type ProgramRun, type Refusal } from '../judge-program.js';
import { textPreview } from '../preview.js';
import { fromThousandths, toThousandths } from '../thousandths.js';
import { requestLog, stepLabel, type StepReport } from './http-report.js';
import type { HttpExpectation } from './http-test.js';

/** What was seen of an `http` test. */
export interface HttpRun {
  /** How the service ended, when it did so before it was told to; null: it served to the end. */
  readonly ended: ProgramRun | null;
  /** Why it did not get ready, as the end of a sentence about it; null: it did. */
  readonly unready: string | null;
  readonly steps: readonly StepReport[];
  /** Why it is slower than it may be; null: it is not, or was not measured. */
  readonly slow: string | null;
}

/** What was decided, and what the step that decided was to be answered with. */
export interface HttpJudgement extends Judgement {
  readonly expected: string | null;
  /** One for each step. */
  readonly cases: readonly CaseResult[];
}

/**
 * Judges one run of an `http` test. A service that reached a limit has that verdict, one that ended by itself, or did not get
 * ready, is a `runtime_error`; then the first step that failed decides: `time_limit_exceeded` where an answer took too long,
 * else `wrong_answer`. Last comes the latency.
 *
 * All of the points when all of it holds, else none; where steps have points, those of the steps that held.
 */
export function judgeHttp(test: HttpTest, run: HttpRun, limits?: GradingLimits): HttpJudgement {
  const failed = run.steps.findIndex(({ outcome }) => outcome === 'failed');
  const refusal =
    endRefusal(run, limits) ?? stepRefusal(run.steps, failed) ?? slowRefusal(run.slow) ?? unmadeRefusal(run.steps);
  const log = requestLog(run.steps);
  const headline = refusal === null ? 'Every step is as expected.' : (refusal.message ?? '');
  const expect = run.steps[failed]?.step.expect;
  return {
    verdict: refusal?.verdict ?? 'accepted',
    points: refusal === null ? test.points : partialPoints(test, run.steps),
    message: textPreview(new TextEncoder().encode(log === '' ? headline : `${headline}\n\n${log}`)),
    expected: expect === undefined ? null : textPreview(new TextEncoder().encode(shownExpectation(expect))),
    cases: boundedCases(run.steps.map((report, index) => caseOf(report, index))),
  };
}

/** The line of one step; in a test that is scored as a whole it has no points of its own. */
function caseOf({ step, outcome, differences, isLate }: StepReport, index: number): CaseResult {
  const maxPoints = step.points ?? 0;
  const verdicts = {
    held: 'accepted',
    failed: isLate ? 'time_limit_exceeded' : 'wrong_answer',
    unmade: 'skipped',
  } as const;
  return {
    name: caseName(stepLabel(step, index), index + 1),
    verdict: verdicts[outcome],
    points: outcome === 'held' ? maxPoints : 0,
    maxPoints,
    message: differences.length === 0 ? null : differences.join('\n'),
  };
}

function partialPoints(test: HttpTest, steps: readonly StepReport[]): number {
  const earned = steps.filter(({ outcome }) => outcome === 'held').map(({ step }) => toThousandths(step.points ?? 0));
  return Math.min(test.points, fromThousandths(earned.reduce((sum, points) => sum + points, 0)));
}

function endRefusal({ ended, unready, steps }: HttpRun, limits: GradingLimits | undefined): Refusal | null {
  const at = steps.findIndex(({ outcome }) => outcome === 'failed');
  const step = steps[at]?.step;
  const when = unready !== null ? ' before it was ready' : step === undefined ? '' : ` in ${stepLabel(step, at)}`;
  if (ended !== null) {
    if (ended.kind === 'exited' && ended.exitCode === 0) {
      return {
        verdict: 'runtime_error',
        message: `The service ended by itself${when}. It must go on running until it is stopped.`,
      };
    }
    const refusal = judgeEnd(null, { ...ended, stdoutTruncated: false, stderrTruncated: false }, limits);
    if (refusal !== null) {
      return { ...refusal, message: (refusal.message ?? '').replace(/^The program/, `The service failed${when}: it`) };
    }
  }
  return unready === null ? null : { verdict: 'runtime_error', message: `The service ${unready}.` };
}

function stepRefusal(steps: readonly StepReport[], failed: number): Refusal | null {
  const report = steps[failed];
  if (report === undefined) return null;
  const [difference = 'not as expected'] = report.differences;
  return {
    verdict: report.isLate ? 'time_limit_exceeded' : 'wrong_answer',
    message: `${stepLabel(report.step, failed)}: ${difference}`,
  };
}

function slowRefusal(slow: string | null): Refusal | null {
  return slow === null ? null : { verdict: 'time_limit_exceeded', message: slow };
}

/** A step that nobody made is never a success, whatever the reason. */
function unmadeRefusal(steps: readonly StepReport[]): Refusal | null {
  return steps.every(({ outcome }) => outcome === 'held')
    ? null
    : { verdict: 'wrong_answer', message: 'Not all steps could be made.' };
}

/** An expectation without what it leaves open. */
function shownExpectation(expect: HttpExpectation): string {
  const { compare, caseSensitive, floatTolerance, ...others } = expect;
  const comparison =
    expect.text === null ? {} : { compare, caseSensitive, ...(floatTolerance === null ? {} : { floatTolerance }) };
  const said = Object.entries({ ...others, ...comparison }).filter(
    ([name, value]) =>
      name === 'json' || !(value === null || (typeof value === 'object' && Object.keys(value).length === 0)),
  );
  return said.length === 0 ? '{"status": "below 400"}' : JSON.stringify(Object.fromEntries(said), null, 2);
}
