import type { GradingLimits, ProgramTest } from './grading-document.js';
import { judgeChecker, type CheckerJudgement, type CheckerRun } from './judge-checker.js';
import { judgeProgram, type Judgement, type ProgramRun } from './judge-program.js';

/** How a submission and an interactive checker got on. */
export interface Interaction {
  readonly submission: ProgramRun;
  readonly checker: CheckerRun;
  /** Which of the two ended before the other. */
  readonly first: 'submission' | 'checker';
}

type Judged = Judgement & { readonly ok: true; readonly staffMessage: string | null };
export type InteractionJudgement = Judged | Extract<CheckerJudgement, { readonly ok: false }>;

/**
 * Judges one interaction. Where the checker ended first, it decides, unless it accepts: then the submission must still end as a
 * program does. Where the submission ended first, a limit that it met, a crash and a wrong exit status are its own doing,
 * whatever that made of the checker; otherwise the checker decides.
 *
 * As problemtools does it (`Kattis/problemtools:problemtools/judge/execute.py`), but for a checker that fails after the
 * submission failed: that is no judge error here, since submissions could bring it about to be tried again for nothing.
 */
export function judgeInteraction(
  test: ProgramTest,
  { submission, checker, first }: Interaction,
  limits?: GradingLimits,
): InteractionJudgement {
  const decided = judgeChecker(test.points, checker);
  if (first === 'checker' && !(decided.ok && decided.verdict === 'accepted')) return decided;
  const own = judgeProgram({ ...test, expect: { ...test.expect, stdout: null } }, submission, limits);
  if (own.verdict === 'accepted') return decided;
  return { ...own, ok: true, staffMessage: decided.ok ? decided.staffMessage : null };
}
