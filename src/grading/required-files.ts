import type { GradingDocument } from './grading-document.js';

/** The required files that are not among `paths`, the files of a submission, in the order of the document. */
export function missingFiles(document: Pick<GradingDocument, 'requiredFiles'>, paths: readonly string[]): string[] {
  const present = new Set(paths);
  return document.requiredFiles.filter((path) => !present.has(path));
}
