import { readFileSync } from 'node:fs';

import { findNativeProgram } from '../native-program.js';
import { PROBER_FILE } from './probe.js';

/** The native prober, whole; null where it was not built, for want of a C compiler. */
export function readProber(): Buffer | null {
  const path = findNativeProgram(PROBER_FILE);
  return path === null ? null : readFileSync(path);
}
