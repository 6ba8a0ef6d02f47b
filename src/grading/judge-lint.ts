import type { GradingLimits, LintTest } from './grading-document.js';
import { judgeEnd, type Judgement, type ProgramRun } from './judge-program.js';
import { nothingToCheck } from './lint/checkable-files.js';
import { costOfFindings } from './lint/cost-of-findings.js';
import { findingLines, plainLine } from './lint/finding-lines.js';
import type { LintFinding } from './lint/lint-finding.js';
import { LINT_TOOL_DEFAULTS } from './lint/lint-tools.js';
import type { LintReport } from './lint/read-lint-report.js';
import { isNamed } from './lint/rule-pattern.js';

/** How a tool ended that is a program, and what it reported. */
export interface LintRun extends ProgramRun {
  readonly report: LintReport;
}

/** A judgement, or why the tool cannot work, which is no fault of the submission. */
export type LintJudgement =
  { readonly ok: true; readonly judgement: Judgement } | { readonly ok: false; readonly reason: string };

/**
 * Judges a lint test: `accepted` when no finding costs anything, else `wrong_answer` with what `costOfFindings` leaves.
 *
 * A tool that was ended by a limit or by a signal, or that failed, gives no points, with the verdict of a program that ended so: what it was
 * given is what ended it, trying again would not mend it, and nobody should gain by files that their check does not survive.
 * No code of students runs in it, so that what it says of itself (`tool-fault`) is believed.
 *
 * @param test with more findings than can be counted its floor is given.
 * @param found what was found before the tool ran; where there was nothing for it to do, `run` is null.
 */
export function judgeLint(
  test: LintTest,
  found: readonly LintFinding[],
  run: LintRun | null,
  limits?: GradingLimits,
): LintJudgement {
  if (run === null) return judged(judgeFindings(test, found));
  // Its output is its findings.
  if (run.kind === 'output_limit') return judged(tooMany(test));
  const { title } = LINT_TOOL_DEFAULTS[test.tool];
  const { report } = run;
  if (report.kind === 'tool-fault') return { ok: false, reason: `${title} cannot work: ${report.reason}` };
  // Status 1 says that there are findings.
  const status = run.exitCode === 1 && report.kind === 'findings' ? 0 : run.exitCode;
  const refusal = judgeEnd(null, { ...run, exitCode: status }, limits);
  if (refusal !== null) {
    const message = `${title} could not check the submission. ${refusal.message ?? ''}${lastLine(run.stderr)}`;
    return judged({ verdict: refusal.verdict, points: 0, message });
  }
  if (report.kind !== 'findings') {
    const message = `${title} could not check the submission: it left no findings.${lastLine(run.stderr)}`;
    return judged({ verdict: 'runtime_error', points: 0, message });
  }
  return judged(report.hasMore ? tooMany(test) : judgeFindings(test, [...found, ...report.findings]));
}

function judged(judgement: Judgement): LintJudgement {
  return { ok: true, judgement };
}

/** Rules say what counts; that a file cannot be checked counts always. */
function judgeFindings(test: LintTest, all: readonly LintFinding[]): Judgement {
  const findings = all.filter(
    ({ rule, isUnchecked }) => isUnchecked || (isNamed(test.select, rule) && !isNamed(test.ignore, rule)),
  );
  const cost = costOfFindings(test, findings);
  const { points, costly, noted } = cost;
  const verdict = cost.isClean ? 'accepted' : 'wrong_answer';
  if (findings.length === 0) return { verdict, points, message: null };
  const remark = `${amount(findings.length)}; ${points} of ${test.points} points.`;
  return { verdict, points, message: findingLines(costly, noted, remark) };
}

/** The submission has no file that `paths` name: nothing was shown. */
export function judgeNothing({ paths }: LintTest): Judgement {
  return { verdict: 'wrong_answer', points: 0, message: findingLines([nothingToCheck(paths)], [], '1 finding.') };
}

function tooMany({ floor }: LintTest): Judgement {
  return { verdict: 'wrong_answer', points: floor, message: 'There are more findings than are counted.' };
}

function amount(count: number): string {
  return count === 1 ? '1 finding' : `${count} findings`;
}

function lastLine(stderr: Uint8Array): string {
  const line = new TextDecoder().decode(stderr.subarray(-2_000)).trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : ` It said: ${plainLine(line)}`;
}
