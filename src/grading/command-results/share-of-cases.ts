import type { CommandReport, ReportedCase } from './reported-case.js';

/**
 * The report of a tool whose cases weigh the same. Ignored cases do not count; where no other is left, nothing was shown
 * and nothing is passed.
 *
 * @param missing cases that were announced and did not come: each counts as failed.
 * @param remark why the report as a whole is not to be passed, or null.
 */
export function shareOfCases(cases: readonly ReportedCase[], missing = 0, remark: string | null = null): CommandReport {
  const counted = cases.filter((one) => one.outcome !== 'ignored');
  const passed = counted.filter((one) => one.outcome === 'passed').length;
  const expected = counted.length + missing;
  const empty = expected === 0 ? 'No test case was run.' : null;
  return {
    share: expected === 0 ? 0 : passed / expected,
    isPassed: expected > 0 && passed === expected && remark === null,
    cases,
    scale: null,
    expected,
    remark: remark ?? empty,
    outputVisibility: 'visible',
  };
}
