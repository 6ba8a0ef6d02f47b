import { readFileSync } from 'node:fs';

import { PROBER_FILE } from './probe.js';

/** Where `npm run build` puts it: seen from the built code, and from the source. */
const PLACES = [`../../../native/${PROBER_FILE}`, `../../../dist/native/${PROBER_FILE}`] as const;

/** The native prober, whole; null where it was not built, for want of a C compiler. */
export function readProber(): Buffer | null {
  for (const place of PLACES) {
    try {
      return readFileSync(new URL(place, import.meta.url));
    } catch {
      // The next place, then.
    }
  }
  return null;
}
