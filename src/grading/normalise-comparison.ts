import type { CompareOptions } from './compare-options.js';
import type { RawExpectation } from './raw-grading-document.js';

/** How an expectation compares texts, with every default filled in. */
export function normaliseComparison(
  raw: Pick<RawExpectation, 'compare' | 'caseSensitive' | 'floatTolerance'>,
): CompareOptions {
  const compare = raw.compare ?? 'trimmed';
  const tolerance = raw.floatTolerance ?? null;
  return {
    compare,
    caseSensitive: raw.caseSensitive ?? compare !== 'tokens',
    floatTolerance:
      tolerance === null ? null : { absolute: tolerance.absolute ?? null, relative: tolerance.relative ?? null },
  };
}
