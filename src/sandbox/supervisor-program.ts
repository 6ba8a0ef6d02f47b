import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `npm run build` puts it: seen from the built code, and from the source. */
const PLACES = ['../../native/assay-supervisor', '../../dist/native/assay-supervisor'] as const;

/** Names in the folder that every sandbox shows to its supervisor: the program, and what makes a template. */
export const SUPERVISOR_FILES = {
  program: 'assay-supervisor',
  template: ['assay-supervisor.so', 'sitecustomize.py'],
} as const;

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

/** The template's files that were built with the supervisor at `program`; none where they were not. */
export function findTemplate(program: string): readonly string[] {
  const paths = SUPERVISOR_FILES.template.map((name) => join(dirname(program), 'template', name));
  try {
    for (const path of paths) accessSync(path, constants.R_OK);
    return paths;
  } catch {
    return [];
  }
}
