import { boundedCases, type CaseResult } from './case-results.js';
import { caseLines, caseResults, mayStand } from './command-results/case-lines.js';
import { readGradescope } from './command-results/read-gradescope.js';
import { readJunitXml } from './command-results/read-junit-xml.js';
import { readTap } from './command-results/read-tap.js';
import { REPORT_LIMITS, type CommandReport, type ReadReport, unreadable } from './command-results/reported-case.js';
import type { CommandFormat, CommandTest, GradingLimits } from './grading-document.js';
import { readersOf } from './feedback.js';
import { judgeEnd, type Judgement, type ProgramRun, type Refusal } from './judge-program.js';
import { fromThousandths, toThousandths } from './thousandths.js';

/** How a command ended, and the results files that it left, in their order; empty where it left none. */
export interface CommandRun extends ProgramRun {
  readonly results: readonly Uint8Array[];
}

/** What was decided about a `command` test. */
export interface CommandJudgement extends Judgement {
  /** False where the report keeps the command's own output from those who see the test. */
  readonly showsOutput: boolean;
  /** What the report lists, as far as those who see the test may know of it; null without a report. */
  readonly cases: readonly CaseResult[] | null;
}

type Reader = (results: readonly Uint8Array[], test: CommandTest) => ReadReport;

const READERS: Readonly<Record<Exclude<CommandFormat, 'exit-code'>, Reader>> = {
  gradescope: (results, { points }) => single(results, (bytes) => readGradescope(bytes, points)),
  'junit-xml': readJunitXml,
  tap: (results) => single(results, readTap),
};

/**
 * Judges one run of a `command` test: limits and signals first, as for a program. Then, with `exit-code`, the status, which
 * gives all points or none. With the other formats an exit status that the test names must be met, and the results decide:
 * the share that they report gives as much of the points, and the verdict is `accepted` when all of it was reached.
 *
 * Results that are missing or cannot be read give nothing, as `runtime_error` where the command ended with a status other
 * than 0, else as `wrong_answer`. Of TAP, which tells one case after the other, those that were told before a limit or a signal ended
 * the run keep their points. It is not `judge_error`: the command is the instructor's, and a submission can break it, so
 * that trying again would change nothing, and nobody should gain an attempt by it. With `tap` and `junit-xml`, a status other
 * than 0 after cases that all passed is a `runtime_error` without points: something failed that no case tells of.
 */
export function judgeCommand(test: CommandTest, run: CommandRun, limits?: GradingLimits): CommandJudgement {
  const { format, expect } = test;
  const visibility = readersOf(test);
  if (format === 'exit-code') {
    const refusal = judgeEnd(expect.exitCode ?? 0, run, limits);
    if (refusal !== null) return { ...refusal, points: 0, showsOutput: true, cases: null };
    return { verdict: 'accepted', points: test.points, message: null, showsOutput: true, cases: null };
  }
  // A results.json shows the output of its command to staff alone unless it says otherwise; one that is not there says nothing.
  const showsUnsaid = format !== 'gradescope' || mayStand('hidden', visibility);
  const refusal = judgeEnd(expect.exitCode ?? run.exitCode, run, limits);
  if (refusal !== null) return { ...cutShort(test, run, refusal), showsOutput: showsUnsaid };
  const status = run.exitCode ?? 0;
  const read = run.results.length === 0 ? unreadable(missing(test)) : READERS[format](run.results, test);
  if (!read.ok) {
    const message = `${read.fault} The command ended with exit status ${status}. The submission may have kept it from its work.`;
    const verdict = status === 0 ? 'wrong_answer' : 'runtime_error';
    return { verdict, points: 0, message, showsOutput: showsUnsaid, cases: null };
  }
  const { report } = read;
  const judged = {
    message: caseLines(report, visibility),
    showsOutput: mayStand(report.outputVisibility, visibility),
    cases: boundedCases(caseResults(report, visibility, test.points)),
  };
  if (report.isPassed && format !== 'gradescope' && expect.exitCode === null && status !== 0) {
    const remark = `All cases passed, and yet the command ended with exit status ${status}.`;
    const cases = boundedCases(caseResults({ ...report, share: 0 }, visibility, test.points));
    return {
      ...judged,
      cases,
      verdict: 'runtime_error',
      points: 0,
      message: caseLines({ ...report, remark }, visibility),
    };
  }
  return { ...judged, verdict: report.isPassed ? 'accepted' : 'wrong_answer', points: pointsOf(test.points, report) };
}

/** What was told before a limit or a signal ended the run, where the format tells cases one by one; else nothing. */
function cutShort(
  test: CommandTest,
  run: CommandRun,
  { verdict, message }: Refusal,
): Omit<CommandJudgement, 'showsOutput'> {
  const nothing = { verdict, message, points: 0, cases: null };
  if (test.format !== 'tap' || !isCutShort(run) || run.results.length === 0) return nothing;
  const read = READERS.tap(run.results, test);
  if (!read.ok) return nothing;
  const readers = readersOf(test);
  return {
    verdict,
    points: pointsOf(test.points, read.report),
    message: [message, caseLines(read.report, readers)].filter((line) => line !== null && line !== '').join('\n'),
    cases: boundedCases(caseResults(read.report, readers, test.points)),
  };
}

/** Whether the run was ended, by a limit or a signal, and did not end by itself. */
export function isCutShort({ kind }: ProgramRun): boolean {
  return kind !== 'exited' && kind !== 'sandbox_failure';
}

function pointsOf(points: number, { share }: CommandReport): number {
  return fromThousandths(Math.round(toThousandths(points) * Math.min(1, Math.max(0, share))));
}

function missing({ output }: CommandTest): string {
  return `The command left no results in ${output ?? 'its standard output'}.`;
}

function single(results: readonly Uint8Array[], read: (bytes: Uint8Array) => ReadReport): ReadReport {
  const [bytes, second] = results;
  if (bytes === undefined || second !== undefined) return unreadable('The results are not one file.');
  if (bytes.length > REPORT_LIMITS.bytes) {
    return unreadable(`The results are larger than ${REPORT_LIMITS.bytes / 1_048_576} MiB.`);
  }
  return read(bytes);
}
