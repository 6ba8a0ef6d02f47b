import type { SqlValue } from './sql-value.js';

/** Rows of a catalogue query, in the order of its columns. */
export type FactRows = readonly (readonly SqlValue[])[];

/** A value of such a row as text; null is NULL. */
export function factText(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return String(value.value);
}

/** A value that is never NULL where it is asked for. */
export function factWord(value: SqlValue | undefined): string {
  return factText(value) ?? '';
}

/** Rows with the same word in the column `at`, together, in the order of the first of each. */
export function grouped(rows: FactRows, at: number): ReadonlyMap<string, FactRows> {
  const groups = new Map<string, (readonly SqlValue[])[]>();
  for (const row of rows) {
    const key = factWord(row[at]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
