import type { LoadedPackage } from './package-document.mjs';

/** Types for the tests; what it does stands in `kattis-document.mjs`. */
export function kattisDocument(folder: string, options?: { runtimes?: readonly string[] }): Promise<LoadedPackage>;
