import type { FieldError } from '../errors/domain-error.js';
import type { Assignment } from './assignment.entity.js';

const IN_ORDER = ['opensAt', 'dueAt', 'closesAt'] as const;

/** What is wrong with the order of an assignment's dates: opens, is due, closes. Those that are null say nothing. */
export function dateOrderFaults(assignment: Pick<Assignment, (typeof IN_ORDER)[number]>): FieldError[] {
  const faults: FieldError[] = [];
  let last: { readonly name: string; readonly date: Date } | null = null;
  for (const name of IN_ORDER) {
    const date = assignment[name];
    if (date === null) continue;
    if (last !== null && date < last.date) {
      faults.push({ path: `/${name}`, message: `must not be before ${last.name}` });
    } else {
      last = { name, date };
    }
  }
  return faults;
}
