import { caseMessage, caseName, REPORT_LIMITS } from '../command-results/reported-case.js';
import type { FrameworkCase, FrameworkRun } from './unit-run.js';

const OUTCOMES: ReadonlyMap<string, FrameworkCase['outcome']> = new Map([
  ['passed', 'passed'],
  ['skipped', 'ignored'],
]);

const MOST_FAULTS = 20;
const MOST_DECLARED = 5_000;
/** Colours of terminals. */
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;]*m/g;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What the records of a harness say, in their order; each is one JSON object whose origin was checked. Records that are no
 * such thing are left out. What is told after the framework was found to be
 * changed counts as failed.
 */
export function readRecords(records: readonly string[]): FrameworkRun {
  const run = { hasBegun: false, isDone: false, missing: null as string | null, tampered: null as string | null };
  const declared: string[] = [];
  const faults: string[] = [];
  const cases = new Map<string, FrameworkCase>();
  const seen = new Map<string, number>();
  let running: string | null = null;
  for (const fields of records.map(fieldsOf)) {
    if (run.isDone) break;
    const message = textOf(fields, 'message').replaceAll(ESCAPES, '');
    switch (fields['t']) {
      case 'begin':
        run.hasBegun = true;
        break;
      case 'done':
        run.isDone = true;
        break;
      case 'missing':
        run.missing = message;
        break;
      case 'declared':
        declared.push(...namesOf(fields).slice(0, MOST_DECLARED - declared.length));
        break;
      case 'fault':
        if (faults.length < MOST_FAULTS) faults.push(caseMessage(message) ?? 'The framework failed.');
        break;
      case 'tampered':
        run.tampered ??= message;
        break;
      case 'start':
        running = caseName(textOf(fields, 'name'), cases.size + 1);
        break;
      case 'case': {
        if (cases.size === REPORT_LIMITS.cases) break;
        const name = caseName(textOf(fields, 'name'), cases.size + 1);
        const count = (seen.get(name) ?? 0) + 1;
        seen.set(name, count);
        // Titles may repeat; each is a line.
        cases.set(`${count} ${name}`, {
          name,
          title: fields['title'] === undefined ? null : caseName(textOf(fields, 'title'), 0),
          outcome: run.tampered === null ? (OUTCOMES.get(textOf(fields, 'outcome')) ?? 'failed') : 'failed',
          message: run.tampered === null ? caseMessage(message) : changedMessage(run.tampered),
        });
        if (running === name) running = null;
        break;
      }
    }
  }
  return { ...run, declared, faults, cases: [...cases.values()], running };
}

function changedMessage(what: string): string {
  return `The test framework was changed while it ran (${what}), so that what it says does not count.`;
}

function fieldsOf(record: string): Fields {
  try {
    const value: unknown = JSON.parse(record);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function namesOf(fields: Fields): readonly string[] {
  const names: unknown = fields['names'] ?? [fields['name']];
  return Array.isArray(names) ? names.filter((name: unknown) => typeof name === 'string') : [];
}
