import { CASE_DISCLOSURES, type CaseResult } from '../grading/case-results.js';
import { FEEDBACK_PARTS, type Feedback, VISIBILITIES, type TestKind } from '../grading/grading-document.js';
import { SUPPORTED_TEST_KINDS } from '../grading/grading-schema.js';
import type { TestResult } from '../grading/test-result.js';
import { VERDICTS } from '../grading/verdict.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The test result that an event from another process carries; null for anything else, such as what a newer version of Assay
 * publishes: the rows will tell it.
 */
export function parseTestResult(data: Fields): TestResult | null {
  const { name, kind } = data;
  const verdict = VERDICTS.find((one) => one === data['verdict']);
  const visibility = VISIBILITIES.find((one) => one === data['visibility']);
  const points = numberOf(data, 'points');
  const maxPoints = numberOf(data, 'maxPoints');
  if (typeof name !== 'string' || !isTestKind(kind)) return null;
  if (verdict === undefined || visibility === undefined || points === null || maxPoints === null) return null;
  const feedback = feedbackOf(data['feedback']);
  if (feedback === undefined) return null;
  return {
    name,
    kind,
    verdict,
    visibility,
    feedback,
    points,
    maxPoints,
    timeMs: numberOf(data, 'timeMs'),
    wallMs: numberOf(data, 'wallMs'),
    memoryKiB: numberOf(data, 'memoryKiB'),
    exitCode: numberOf(data, 'exitCode'),
    signal: textOf(data, 'signal'),
    message: textOf(data, 'message'),
    stdout: textOf(data, 'stdout'),
    stderr: textOf(data, 'stderr'),
    expected: textOf(data, 'expected'),
    cases: casesOf(data['cases']),
    staffMessage: textOf(data, 'staffMessage'),
  };
}

/** Undefined: something that is not understood here, so that it cannot be said what students see. */
function feedbackOf(value: unknown): Feedback | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return undefined;
  const data: Fields = { ...value };
  const [now, afterDue] = [partsOf(data['now']), partsOf(data['afterDue'])];
  return now === null || afterDue === null ? undefined : { now, afterDue, hint: textOf(data, 'hint') };
}

function partsOf(value: unknown): Feedback['now'] | null {
  if (!Array.isArray(value)) return null;
  const parts = value.map((one: unknown) => FEEDBACK_PARTS.find((part) => part === one));
  return parts.every((part) => part !== undefined) ? parts : null;
}

function casesOf(value: unknown): readonly CaseResult[] | null {
  if (!Array.isArray(value)) return null;
  const cases = value.map((one: unknown) => (typeof one === 'object' && one !== null ? caseOf({ ...one }) : null));
  return cases.every((one) => one !== null) ? cases : null;
}

function caseOf(data: Fields): CaseResult | null {
  const { name } = data;
  const verdict = VERDICTS.find((one) => one === data['verdict']);
  const points = numberOf(data, 'points');
  const maxPoints = numberOf(data, 'maxPoints');
  if (typeof name !== 'string' || verdict === undefined || points === null || maxPoints === null) return null;
  const hides = CASE_DISCLOSURES.find((one) => one === data['hides']);
  return {
    name,
    verdict,
    points,
    maxPoints,
    message: textOf(data, 'message'),
    ...(hides === undefined ? {} : { hides }),
  };
}

function isTestKind(value: unknown): value is TestKind {
  return typeof value === 'string' && SUPPORTED_TEST_KINDS.includes(value);
}

function numberOf(data: Fields, name: string): number | null {
  const value = data[name];
  return typeof value === 'number' ? value : null;
}

function textOf(data: Fields, name: string): string | null {
  const value = data[name];
  return typeof value === 'string' ? value : null;
}
