import { expect } from 'vitest';
import { CEILINGS, type LoadedPackage } from '../../../scripts/lib/package-document.mjs';
import { KNOWN_RUNTIMES } from '../../../src/assignments/known-runtimes.js';
import type { GradingDocument } from '../../../src/grading/grading-document.js';
import { parseGradingDocument } from '../../../src/grading/parse-grading-document.js';

/** The document as the server would keep it; fails where the server would refuse it. */
export function checked(loaded: LoadedPackage): GradingDocument {
  const result = parseGradingDocument(loaded.grading, { runtimes: KNOWN_RUNTIMES, ceilings: CEILINGS });
  if (!result.ok) expect(result.errors).toEqual([]);
  return (result as Extract<typeof result, { ok: true }>).document;
}

/** The places that the warnings are about, or, for one place, what is said of it. */
export function warnedPlaces(loaded: LoadedPackage): string[] {
  return loaded.warnings.map(({ path }) => path);
}

export function warningsAt(loaded: LoadedPackage, path: string): string {
  return loaded.warnings
    .filter((warning) => warning.path === path)
    .map(({ message }) => message)
    .join('\n');
}
