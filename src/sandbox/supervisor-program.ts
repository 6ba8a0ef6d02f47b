import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';

import { findNativeProgram } from './native-program.js';

/** Names in the folder that every sandbox shows to its supervisor: the program, and what makes a template. */
export const SUPERVISOR_FILES = {
  program: 'assay-supervisor',
  template: ['assay-supervisor.so', 'sitecustomize.py'],
} as const;

/** Null where it was not built, for want of a C compiler. */
export function findSupervisor(): string | null {
  return findNativeProgram(SUPERVISOR_FILES.program);
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
