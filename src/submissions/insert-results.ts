import type { EntityManager } from 'typeorm';
import { insertRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import type { TestResult as TestOutcome } from '../grading/test-result.js';
import { TestResult } from './test-result.entity.js';

/** Rows in one INSERT, so that previews of many tests stay below what a server takes in one packet. */
const RESULTS_PER_INSERT = 50;

/** Stores what the tests of a run gave, in the order of the grading document. */
export async function insertResults(
  manager: EntityManager,
  runId: string,
  tests: readonly TestOutcome[],
): Promise<void> {
  const rows = tests.map((test, position) => ({ ...test, id: newId(), runId, position }));
  for (let start = 0; start < rows.length; start += RESULTS_PER_INSERT) {
    await insertRows(manager, TestResult, rows.slice(start, start + RESULTS_PER_INSERT));
  }
}
