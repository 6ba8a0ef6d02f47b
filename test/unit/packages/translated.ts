import { expect } from 'vitest';
import { KNOWN_RUNTIMES } from '../../../src/assignments/known-runtimes.js';
import type { GradingDocument } from '../../../src/grading/grading-document.js';
import type { LimitCeilings } from '../../../src/grading/limits.js';
import { parseGradingDocument } from '../../../src/grading/parse-grading-document.js';
import { translatePackage } from '../../../src/packages/translate-package.js';
import type { PackageFormat, TranslatedPackage } from '../../../src/packages/translated-package.js';

/** Content by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a server allows where nothing else is configured. */
export const CEILINGS: LimitCeilings = {
  timeMs: 30_000,
  wallMs: 120_000,
  memoryMiB: 2048,
  processes: 256,
  outputKiB: 16_384,
  diskMiB: 512,
};

export function translate(
  format: PackageFormat,
  files: Files,
  { name = 'Week 1', runtimes = [] }: { readonly name?: string; readonly runtimes?: readonly string[] } = {},
): TranslatedPackage {
  const bytes = Object.entries(files).map(([path, content]) => [path, Buffer.from(content)] as const);
  return translatePackage(new Map(bytes), format, { name, runtimes, ceilings: CEILINGS });
}

/** The document as the server would keep it; fails where the server would refuse it. */
export function checked({ assignment }: TranslatedPackage): GradingDocument {
  const result = parseGradingDocument(assignment.grading, { runtimes: KNOWN_RUNTIMES, ceilings: CEILINGS });
  if (!result.ok) expect(result.errors).toEqual([]);
  return (result as Extract<typeof result, { ok: true }>).document;
}

/** The places that the warnings are about. */
export function warnedPlaces({ warnings }: TranslatedPackage): string[] {
  return warnings.map(({ path }) => path);
}

/** What is said of one place. */
export function warningsAt({ warnings }: TranslatedPackage, path: string): string {
  return warnings
    .filter((warning) => warning.path === path)
    .map(({ message }) => message)
    .join('\n');
}
