import { DomainError } from '../errors/domain-error.js';
import type { GradingDocument } from '../grading/grading-document.js';
import { missingFiles } from '../grading/required-files.js';
import { chooseRuntime } from '../grading/runtime-choice.js';

/** What is handed in, as far as the grading document looks at it. */
export interface Candidate {
  readonly paths: readonly string[];
  /** What the student asked for; null: nothing. */
  readonly runtime: string | null;
}

/**
 * The runtime of a submission that fulfils what the grading document asks for.
 *
 * @throws DomainError `invalid`: `missing_required_file`, `runtime_required`, `runtime_not_allowed`
 */
export function admit(document: GradingDocument, { paths, runtime }: Candidate): string {
  const missing = missingFiles(document, paths);
  if (missing.length > 0) {
    const faults = missing.map((path) => ({
      path: '/files',
      message: `must hold the required file ${JSON.stringify(path)}`,
    }));
    throw DomainError.invalid(faults, 'missing_required_file');
  }
  const choice = chooseRuntime(document, runtime);
  if (choice.ok) return choice.runtime;
  const code = runtime === null ? 'runtime_required' : 'runtime_not_allowed';
  throw DomainError.invalid([{ path: '/runtime', message: choice.message }], code);
}
