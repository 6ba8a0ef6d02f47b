import type { GradingDocument } from './grading-document.js';

type Runtimes = Pick<GradingDocument, 'runtime' | 'runtimes'>;

/** The runtimes that submissions may use, at least one. */
export function runtimesOf(document: Runtimes): readonly string[] {
  return document.runtime === null ? (document.runtimes ?? []) : [document.runtime];
}

/**
 * The runtime of a submission for which the student asked for `asked` (null: for none). A single runtime need not be
 * asked for; one that the assignment does not name is refused with a message that lists those it does.
 */
export function chooseRuntime(
  document: Runtimes,
  asked: string | null,
): { readonly ok: true; readonly runtime: string } | { readonly ok: false; readonly message: string } {
  const allowed = runtimesOf(document);
  const [only] = allowed;
  if (asked === null && allowed.length === 1 && only !== undefined) return { ok: true, runtime: only };
  if (asked !== null && allowed.includes(asked)) return { ok: true, runtime: asked };
  const list = allowed.join(', ');
  return {
    ok: false,
    message:
      asked === null
        ? `is required: choose one of ${list}`
        : `is not a runtime of this assignment: choose one of ${list}`,
  };
}
