import type { GradingDocument } from './grading-document.js';

/** What is run in an interpreted runtime when the document names no entrypoint. */
const DEFAULT_ENTRYPOINTS: ReadonlyMap<string, string> = new Map([
  ['python', 'main.py'],
  ['node', 'main.js'],
  ['bash', 'main.sh'],
]);

/**
 * The file, relative to the submission, that a `program` test without `run` runs: the document's `entrypoint`, which
 * holds for every runtime, else the default of the runtime. Null: the runtime has none, because its build makes the
 * program.
 */
export function entrypointFor(document: Pick<GradingDocument, 'entrypoint'>, runtime: string): string | null {
  return document.entrypoint ?? DEFAULT_ENTRYPOINTS.get(runtime) ?? null;
}
