import { readText } from './read-text.js';
import {
  CASE_VISIBILITIES,
  type CaseVisibility,
  caseMessage,
  caseName,
  REPORT_LIMITS,
  type ReadReport,
  type ReportedCase,
  unreadable,
} from './reported-case.js';

/** Scores are counted up to here; a larger one is a mistake. */
const LARGEST_SCORE = 1_000_000_000;
/** Sums of fractions such as 0.1 may miss the whole by the last digits. */
const ROUNDING = 1e-9;

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a results.json, as a sentence. */
class Refusal extends Error {}

/**
 * Reads a `results.json` as Gradescope's autograder specification defines it (gradescope-autograders.readthedocs.io, "Output
 * format"): a `score` for the whole, which replaces the sum of those of its `tests`, with `max_score`, `status`, `output` and
 * `visibility` for each of them. `tags`, `leaderboard`, `extra_data`, `number` and formats are let through and not used.
 *
 * The share is the score of the sum of the `max_score`s, or, where none is given, of `testPoints`; scores below 0 (penalties)
 * and above the whole (extra credit) count in the sum, and the share is held to 0 and 1. A test that says no status has
 * passed when it has its whole score. Nothing is passed while a test has failed.
 */
export function readGradescope(bytes: Uint8Array, testPoints: number): ReadReport {
  const read = readText(bytes);
  if (!read.ok) return unreadable(`The results ${read.fault}`);
  let value: unknown;
  try {
    value = JSON.parse(read.text);
  } catch {
    // The parser's own words quote the text, which may not be for everybody.
    return unreadable('The results are not JSON (which knows neither NaN nor Infinity, nor commas at the end).');
  }
  try {
    return { ok: true, report: reportOf(fieldsOf(value, 'The results'), testPoints) };
  } catch (error) {
    if (error instanceof Refusal) return unreadable(error.message);
    throw error;
  }
}

function reportOf(results: Fields, testPoints: number): Extract<ReadReport, { ok: true }>['report'] {
  const score = numberOf(results, 'score', 'The results');
  const visibility = visibilityOf(results, 'visibility', 'visible', 'The results');
  const tests = testsOf(results);
  const cases = tests.map((test, index) => caseOf(test, index + 1, visibility));
  if (score === null && !cases.some((one) => one.score !== null)) {
    throw new Refusal('The results hold no score: give one to the whole or to its tests.');
  }
  const reached = score ?? sum(cases.map((one) => one.score ?? 0));
  const named = sum(cases.map((one) => one.maxScore ?? 0));
  const whole = named > 0 ? named : testPoints;
  const isWhole = reached >= whole - ROUNDING * whole;
  return {
    share: isWhole ? 1 : Math.max(0, reached / whole),
    isPassed: isWhole && cases.every((one) => one.outcome !== 'failed'),
    cases,
    scale: whole === 0 ? 0 : testPoints / whole,
    expected: cases.length,
    remark: visibility === 'visible' ? caseMessage(textOf(results, 'output', 'The results') ?? '') : null,
    outputVisibility: visibilityOf(results, 'stdout_visibility', 'hidden', 'The results'),
  };
}

function testsOf(results: Fields): readonly unknown[] {
  const tests = results['tests'] ?? [];
  if (!Array.isArray(tests)) throw new Refusal('The `tests` of the results are not a list.');
  if (tests.length > REPORT_LIMITS.cases) {
    throw new Refusal(`The results hold more than ${REPORT_LIMITS.cases} test cases.`);
  }
  return tests;
}

function caseOf(value: unknown, number: number, inherited: CaseVisibility): ReportedCase {
  const where = `Test ${number} of the results`;
  const test = fieldsOf(value, where);
  const score = numberOf(test, 'score', where);
  const maxScore = numberOf(test, 'max_score', where);
  if (maxScore !== null && maxScore < 0) throw new Refusal(`${where} has a max_score below 0.`);
  return {
    name: caseName(textOf(test, 'name', where) ?? '', number),
    outcome: statusOf(test, score, maxScore, where),
    score,
    maxScore,
    message: caseMessage(textOf(test, 'output', where) ?? ''),
    visibility: visibilityOf(test, 'visibility', inherited, where),
  };
}

function statusOf(test: Fields, score: number | null, maxScore: number | null, where: string): ReportedCase['outcome'] {
  const status = textOf(test, 'status', where);
  if (status === 'passed' || status === 'failed') return status;
  if (status !== null) throw new Refusal(`${where} has a status that is neither "passed" nor "failed".`);
  // A line that gives and could give nothing is a note.
  if (score === null || maxScore === null) return 'ignored';
  return score >= maxScore - ROUNDING * maxScore ? 'passed' : 'failed';
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(`${where} must be a JSON object.`);
  }
  return { ...value };
}

function numberOf(fields: Fields, name: string, where: string): number | null {
  const value = fields[name] ?? null;
  if (value === null) return null;
  // 1e999 is valid JSON, and infinite.
  if (typeof value === 'number' && Math.abs(value) <= LARGEST_SCORE) return value;
  throw new Refusal(`${where}: \`${name}\` must be a number of at most ${LARGEST_SCORE}.`);
}

function textOf(fields: Fields, name: string, where: string): string | null {
  const value = fields[name] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new Refusal(`${where}: \`${name}\` must be a text.`);
}

function visibilityOf(fields: Fields, name: string, inherited: CaseVisibility, where: string): CaseVisibility {
  const value = textOf(fields, name, where);
  if (value === null) return inherited;
  const known = CASE_VISIBILITIES.find((one) => one === value);
  if (known !== undefined) return known;
  throw new Refusal(`${where}: \`${name}\` must be one of ${CASE_VISIBILITIES.join(', ')}.`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
