import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The supervisor as it is given to every sandbox of this machine. */
export interface Supervisor {
  /** A copy that whoever bubblewrap runs as may execute. */
  readonly path: string;
  /** The system-call filter that it sets for programs, or null for none. */
  readonly filter: Buffer | null;
}

/** Where `npm run build` puts it: seen from the built code, and from the source. */
const PLACES = ['../../native/assay-supervisor', '../../dist/native/assay-supervisor'] as const;

/** Null where it was not built, for want of a C compiler. */
export function findSupervisor(): string | null {
  for (const place of PLACES) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next place, then.
    }
  }
  return null;
}
