import { boundedCases } from '../case-results.js';
import { readJunitXml } from '../command-results/read-junit-xml.js';
import { readTap } from '../command-results/read-tap.js';
import type { ReadReport } from '../command-results/reported-case.js';
import type { GradingLimits, ReportedUnitTest } from '../grading-document.js';
import { type CommandRun, isCutShort } from '../judge-command.js';
import { judgeEnd } from '../judge-program.js';
import { summaryOf, type UnitJudgement } from './judge-framework.js';
import { judgeCases } from './unit-cases.js';

/**
 * Judges a run of a framework of the instructor's that left JUnit XML or TAP. As for a `command` test, results that are missing or
 * cannot be read give nothing, and so does a status other than 0 after cases that all passed.
 */
export function judgeReported(test: ReportedUnitTest, run: CommandRun, limits?: GradingLimits): UnitJudgement {
  const refusal = judgeEnd(run.exitCode, run, limits);
  // TAP tells one case after the other: those that were told before the end keep their points.
  const isPartial = test.framework === 'tap' && isCutShort(run);
  if (refusal !== null && !isPartial) return { ...refusal, points: 0, cases: [] };
  const read = reportOf(test, run.results);
  if (refusal !== null && !read.ok) return { ...refusal, points: 0, cases: [] };
  const status = run.exitCode ?? 0;
  if (!read.ok) {
    const message = `${read.fault} The command ended with exit status ${status}. The submission may have kept it from its work.`;
    return { verdict: status === 0 ? 'wrong_answer' : 'runtime_error', points: 0, message, cases: [] };
  }
  const { report } = read;
  const counted = report.cases.filter(({ outcome }) => outcome !== 'ignored');
  const isSilent = status !== 0 && report.isPassed;
  const cases = report.cases.map(({ name, outcome, message }) => ({
    name,
    title: null,
    outcome: outcome === 'passed' && (report.share === 0 || isSilent) ? ('failed' as const) : outcome,
    message,
  }));
  const count = test.expectedCases?.count ?? null;
  const gap = Math.max(0, report.expected - counted.length);
  const expectedCases = {
    names: test.expectedCases?.names ?? [],
    // A plan that has more than came is as good as a count.
    count: count === null && gap > 0 ? report.expected : count,
  };
  const rules = { ...test, declared: [], titles: null, expectedCases: gap > 0 ? expectedCases : test.expectedCases };
  const judged = judgeCases(cases, rules, () => ({ verdict: 'skipped', message: 'It was not reported.' }));
  const isWhole = report.isPassed && judged.counted > 0 && judged.passed === judged.counted;
  const silent = isSilent ? `All cases passed, and yet the command ended with exit status ${status}.` : null;
  const lines = [
    refusal?.message ?? null,
    silent,
    report.remark,
    judged.remark,
    judged.counted === 0 ? null : summaryOf(judged),
  ];
  const verdict = refusal?.verdict ?? (isSilent ? 'runtime_error' : isWhole ? 'accepted' : 'wrong_answer');
  return {
    verdict,
    points: judged.points,
    message: verdict === 'accepted' ? null : lines.filter((line) => line !== null).join('\n'),
    cases: boundedCases(judged.results),
  };
}

function reportOf(test: ReportedUnitTest, results: readonly Uint8Array[]): ReadReport {
  if (results.length === 0) {
    return { ok: false, fault: `The command left no results in ${test.output ?? 'its standard output'}.` };
  }
  if (test.framework === 'junit-xml') return readJunitXml(results);
  const [bytes, second] = results;
  if (bytes === undefined || second !== undefined) return { ok: false, fault: 'The results are not one file.' };
  return readTap(bytes);
}
