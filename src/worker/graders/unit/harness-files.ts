import { readFileSync } from 'node:fs';
import type { SandboxFile } from '../../../sandbox/sandbox.js';

/** Where the harnesses lie among the protected files; no file of a document has so odd a name. */
export const HARNESS_FOLDER = '.assay';

const read = new Map<string, SandboxFile>();

/** Programs of ours that run beside code of the submission, as protected files. Their sources lie in src/worker/harness/. */
export function harnessFiles(...names: readonly string[]): readonly SandboxFile[] {
  return names.map((name) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const content = readFileSync(new URL(`../../harness/${name}`, import.meta.url));
    const file = { path: `${HARNESS_FOLDER}/${name}`, content, isProtected: true };
    read.set(name, file);
    return file;
  });
}

/** The path of a harness for a step that shows protected files. */
export function harnessPath(name: string): string {
  return `/grader/${HARNESS_FOLDER}/${name}`;
}
