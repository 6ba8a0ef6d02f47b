/** How an engine means to run a statement. Names are of tables and indexes themselves, not what the statement calls them. */
export interface PlanFacts {
  readonly indexes: readonly string[];
  /** Tables of which every row, or every entry of an index, is read. */
  readonly fullScans: readonly string[];
}

/** What a test expects of the plan. */
export interface SqlPlanExpectation {
  /** The index that must be used; true: any; null: not checked. */
  readonly usesIndex: string | true | null;
  readonly noFullScanOf: readonly string[];
}

/** What is not as expected, in sentences; empty when nothing is. */
export function planFaults(expected: SqlPlanExpectation, { indexes, fullScans }: PlanFacts): string[] {
  const used = indexes.length === 0 ? 'no index' : indexes.map((name) => `"${name}"`).join(', ');
  const faults: string[] = [];
  if (expected.usesIndex === true && indexes.length === 0) faults.push('The plan uses no index.');
  if (typeof expected.usesIndex === 'string' && !has(indexes, expected.usesIndex)) {
    faults.push(`The plan uses ${used}, not the index "${expected.usesIndex}".`);
  }
  for (const table of expected.noFullScanOf) {
    if (has(fullScans, table)) faults.push(`The plan reads all of the table "${table}".`);
  }
  return faults;
}

function has(names: readonly string[], name: string): boolean {
  return names.some((other) => other.toLowerCase() === name.toLowerCase());
}
