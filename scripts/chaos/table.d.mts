/** Types for the tests; what it does stands in `table.mjs`. */
export interface RowResult {
  readonly row: string;
  readonly what: string;
  readonly rounds: number;
  readonly accepted: number;
  readonly lost: number;
  readonly doubled: number;
  readonly recoveries: number[];
  readonly outcome: 'held' | 'missed' | 'not run';
  readonly why: string[];
}

export function renderTable(results: readonly RowResult[]): string;
