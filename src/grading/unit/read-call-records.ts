import { cut } from '../command-results/reported-case.js';
import type { StepReport } from './judge-calls.js';
import { DEEPEST_VALUE } from './unit-values.js';

/** What a process reported of some calls: the steps of each, and which of them it said to be over. */
export interface CallRecords {
  readonly steps: ReadonlyMap<number, readonly StepReport[]>;
  readonly ended: ReadonlySet<number>;
}

const MESSAGE_CHARACTERS = 500;
type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what a process wrote of its calls, a JSON object on each line. It is the submission's process, so anything may stand
 * there: what cannot be read is left out, and what can is no more than a claim about what was returned. The first word counts.
 */
export function readCallRecords(report: string): CallRecords {
  const steps = new Map<number, StepReport[]>();
  const ended = new Set<number>();
  for (const line of report.split('\n')) {
    const fields = fieldsOf(line);
    const call = fields?.['call'];
    if (fields === null || typeof call !== 'number' || ended.has(call)) continue;
    const told = steps.get(call) ?? [];
    steps.set(call, told);
    if (fields['kind'] === 'end') ended.add(call);
    else if (fields['step'] === told.length) {
      const step = stepOf(fields);
      if (step !== null) told.push(step);
    }
  }
  return { steps, ended };
}

function stepOf(fields: Fields): StepReport | null {
  const { kind, value = null, args = null, types, message } = fields;
  const text = typeof message === 'string' ? cut(message, MESSAGE_CHARACTERS) : '';
  switch (kind) {
    case 'returned':
      return { kind, value, args: Array.isArray(args) ? args : null };
    case 'raised':
      return {
        kind,
        types: Array.isArray(types) ? types.filter((one: unknown) => typeof one === 'string') : [],
        message: text,
      };
    case 'unloaded':
      return { kind, message: text };
    default:
      return null;
  }
}

/** Without the depth that a hostile value may have: whoever walks through it does so by recursion. */
function fieldsOf(line: string): Fields | null {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < line.length; at += 1) {
    const one = line[at];
    if (inText && one === '\\') at += 1;
    else if (one === '"') inText = !inText;
    else if (!inText && (one === '[' || one === '{')) depth += 1;
    else if (!inText && (one === ']' || one === '}')) depth -= 1;
    if (depth > DEEPEST_VALUE * 3) return null;
  }
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
