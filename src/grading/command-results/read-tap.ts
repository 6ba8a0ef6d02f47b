import { readText } from './read-text.js';
import { shareOfCases } from './share-of-cases.js';
import {
  type CommandReport,
  caseMessage,
  caseName,
  REPORT_LIMITS,
  type ReadReport,
  type ReportedCase,
  unreadable,
} from './reported-case.js';

const VERSION = /^TAP version (\d{1,9})\s*$/i;
const PLAN = /^1\.\.(\d{1,9})\s*(?:#\s*(.*))?$/;
const CASE = /^(not )?ok\b(?:\s+(\d{1,9})(?!\S))?(?:\s*-)?\s*(.*)$/s;
const BAIL_OUT = /^Bail out!\s*(.*)$/i;
/** An escaped `#` belongs to the name. */
const DIRECTIVE = /(?<!\\)#\s*(skip|todo)\b/i;

interface Reading {
  readonly cases: { name: string; outcome: ReportedCase['outcome']; lines: string[] }[];
  readonly numbers: Set<number>;
  planned: number | null;
  /** What contradicts the protocol or ends it; the first counts. */
  remark: string | null;
}

/**
 * Reads the Test Anything Protocol, versions 12 to 14 (testanything.org). Subtests, which stand indented, are summed up by the
 * test that follows them; YAML blocks and comments after a case become its message. Lines that are none of the protocol are left
 * out, as its consumers do. Skipped and todo cases do not count.
 *
 * The plan is what says that all tests were run: without one, or with more cases than it has, nothing counts; cases that it
 * has and that did not come count as failed. After `Bail out!` nothing is read.
 */
export function readTap(bytes: Uint8Array): ReadReport {
  const read = readText(bytes);
  if (!read.ok) return unreadable(`The results ${read.fault}`);
  const reading: Reading = { cases: [], numbers: new Set(), planned: null, remark: null };
  for (const line of read.text.split(/\r?\n/)) {
    const bail = BAIL_OUT.exec(line.trim());
    if (bail !== null) {
      reading.remark ??= `The tests gave up: ${caseMessage(bail[1] ?? '') ?? 'no reason was given'}`;
      break;
    }
    const fault = readLine(reading, line);
    if (fault !== null) return unreadable(fault);
  }
  return { ok: true, report: conclude(reading) };
}

/** @returns why the whole cannot be read, or null. */
function readLine(reading: Reading, line: string): string | null {
  const version = VERSION.exec(line);
  if (version !== null) {
    const number = Number(version[1]);
    return number >= 12 && number <= 14 ? null : `The results are TAP version ${number}: 12 to 14 are read.`;
  }
  const plan = PLAN.exec(line);
  if (plan !== null) {
    if (reading.planned !== null) reading.remark ??= 'The plan of the tests stands there twice.';
    reading.planned ??= Number(plan[1]);
    return reading.planned > REPORT_LIMITS.cases ? tooMany() : null;
  }
  const test = CASE.exec(line);
  if (test !== null) return readCase(reading, test);
  reading.cases.at(-1)?.lines.push(line);
  return null;
}

function readCase(reading: Reading, [, not, number, rest = '']: RegExpExecArray): string | null {
  if (reading.cases.length === REPORT_LIMITS.cases) return tooMany();
  const position = number === undefined ? reading.cases.length + 1 : Number(number);
  if (reading.numbers.has(position)) reading.remark ??= `The test ${position} stands there twice.`;
  reading.numbers.add(position);
  const directive = DIRECTIVE.exec(rest);
  const name = (directive === null ? rest : rest.slice(0, directive.index)).replace(/\\([#\\])/g, '$1');
  const outcome = directive !== null ? 'ignored' : not === undefined ? 'passed' : 'failed';
  reading.cases.push({ name: caseName(name, position), outcome, lines: [] });
  return null;
}

function tooMany(): string {
  return `The results hold more than ${REPORT_LIMITS.cases} test cases.`;
}

function conclude({ cases, numbers, planned, remark }: Reading): CommandReport {
  const reported = cases.map(({ name, outcome, lines }) => ({
    name,
    outcome,
    score: null,
    maxScore: null,
    message: outcome === 'failed' ? caseMessage(diagnostics(lines)) : null,
    visibility: 'visible' as const,
  }));
  if (planned === null) {
    return nothing(reported, remark ?? 'The plan (such as 1..4) is missing: nobody knows whether all tests were run.');
  }
  if (cases.length > planned) {
    return nothing(reported, `The plan is ${planned} tests, and there are ${cases.length}.`);
  }
  if ([...numbers].some((number) => number < 1 || number > planned)) {
    return nothing(reported, `The plan is ${planned} tests, and another number stands there.`);
  }
  const missing = planned - cases.length;
  const gap = missing === 0 ? null : `The plan is ${planned} tests, and there are only ${cases.length}.`;
  return shareOfCases(reported, missing, remark ?? gap);
}

function nothing(cases: readonly ReportedCase[], remark: string): CommandReport {
  return { ...shareOfCases(cases, 0, remark), share: 0 };
}

/** Comments and the insides of YAML blocks, without their marks; subtests of the case that comes next are left out. */
function diagnostics(lines: readonly string[]): string {
  const kept: string[] = [];
  let isInBlock = false;
  for (const line of lines) {
    if (/^ {2}---\s*$/.test(line)) isInBlock = true;
    else if (/^ {2}\.\.\.\s*$/.test(line)) isInBlock = false;
    else if (isInBlock) kept.push(line.replace(/^ {2}/, ''));
    else if (line.startsWith('#')) kept.push(line.replace(/^#\s?/, ''));
  }
  return kept.join('\n');
}
