import type { LoadedPackage } from './package-document.mjs';

/** Types for the tests; what it does stands in `classroom-document.mjs`. */
export function classroomDocument(
  text: string,
  options: { title: string; runtimes?: readonly string[] },
): LoadedPackage;
