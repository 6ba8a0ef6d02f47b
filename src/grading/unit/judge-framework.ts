import { boundedCases, type CaseResult } from '../case-results.js';
import { cut } from '../command-results/reported-case.js';
import type { FrameworkUnitTest, GradingLimits } from '../grading-document.js';
import { judgeEnd, type Judgement, type ProgramRun } from '../judge-program.js';
import type { Verdict } from '../verdict.js';
import type { DeclaredTitles } from './declared-titles.js';
import { type Absence, judgeCases, type JudgedCases } from './unit-cases.js';
import type { FrameworkRun } from './unit-run.js';

/** What was decided about a `unit` test. */
export interface UnitJudgement extends Judgement {
  readonly cases: readonly CaseResult[];
}

/**
 * Judges a run of a framework in the process of the submission. A limit or a signal gives its own verdict; so does a run that
 * ended before the framework said that all was told, which is how a submission that ends the process looks. Cases that were
 * told before keep their points. Otherwise the test is accepted when every case is that counts, and none is missing.
 *
 * `judge_error` where the framework did not come to load anything of the submission, though no limit was met.
 */
export function judgeFramework(
  test: FrameworkUnitTest,
  run: ProgramRun,
  told: FrameworkRun,
  titles: DeclaredTitles | null,
  limits?: GradingLimits,
): UnitJudgement {
  const ended = judgeEnd(run.exitCode, run, limits);
  if (ended === null && !told.hasBegun) {
    return { verdict: 'judge_error', points: 0, message: 'The test framework could not be started.', cases: [] };
  }
  const early = ended === null && !told.isDone ? earlyEnd(run) : ended;
  const rules = { ...test, declared: told.declared, titles };
  const judged = judgeCases(told.cases, rules, absenceIn(told, early?.verdict ?? null));
  const verdict = early?.verdict ?? verdictOf(judged, told);
  const message = [early?.message ?? null, ...told.faults.slice(0, 3), changed(told), judged.remark, summaryOf(judged)]
    .filter((line) => line !== null)
    .join('\n');
  return {
    verdict,
    points: judged.points,
    message: verdict === 'accepted' ? null : cut(message, 8_000),
    cases: boundedCases(judged.results),
  };
}

function earlyEnd({ exitCode }: ProgramRun): Pick<UnitJudgement, 'verdict' | 'message'> {
  return {
    verdict: 'runtime_error',
    message:
      `The tests ended before all of them had run, with exit status ${exitCode ?? 'unknown'}: ` +
      'something that was called may have ended the process.',
  };
}

function verdictOf(judged: JudgedCases, told: FrameworkRun): Verdict {
  if (told.faults.length > 0) return 'runtime_error';
  const isWhole = judged.counted > 0 && judged.passed === judged.counted && told.tampered === null;
  return isWhole ? 'accepted' : 'wrong_answer';
}

function absenceIn(told: FrameworkRun, ended: Verdict | null): Absence {
  return (name) => {
    if (ended !== null && told.running !== null && name === told.running) {
      return { verdict: ended, message: 'It was running when the tests ended.' };
    }
    return {
      verdict: 'skipped',
      message:
        ended === null && told.faults.length === 0 ? 'It stands in the tests and did not run.' : 'It did not run.',
    };
  };
}

function changed({ tampered }: FrameworkRun): string | null {
  return tampered === null ? null : `The test framework was changed while it ran: ${cut(tampered, 200)}.`;
}

/** How many passed, and the first that did not: clients that show no cases show this. */
export function summaryOf({ results, passed, counted }: Pick<JudgedCases, 'results' | 'passed' | 'counted'>): string {
  if (counted === 0) return 'No test case was run.';
  const first = results.find(({ verdict }) => verdict !== 'accepted' && verdict !== 'skipped');
  const failed = first === undefined ? '' : `\n${first.name}: ${first.message ?? first.verdict}`;
  return `${passed} of ${counted} cases passed.${failed}`;
}
