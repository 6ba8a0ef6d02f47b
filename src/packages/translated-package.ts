import type { LimitCeilings } from '../grading/limits.js';
import type { PackageProblem } from './package-fault.js';
import type { ModelSubmission } from './model-submission.js';

export const PACKAGE_FORMATS = ['assay', 'kattis', 'github-classroom', 'gradescope'] as const;
export type PackageFormat = (typeof PACKAGE_FORMATS)[number];

/** Tells of a thing that has no counterpart, or another one than expected. */
export type Warn = (path: string, message: string) => void;

/** What a translation needs to know besides the files. */
export interface TranslationOptions {
  /** What the package is called where it does not say so itself. */
  readonly name: string;
  /** Keys of runtimes; empty: as the package or its format suggests. */
  readonly runtimes: readonly string[];
  /** What the server allows at most. */
  readonly ceilings: LimitCeilings;
}

/** A package, said as an assignment. */
export interface TranslatedPackage {
  /** As a client would send it to make an assignment, with everything still to be checked. */
  readonly assignment: Readonly<Record<string, unknown>> & {
    readonly title: unknown;
    readonly grading: unknown;
  };
  readonly models: readonly ModelSubmission[];
  readonly warnings: readonly PackageProblem[];
}

/** Collects warnings; those beyond a bound are only counted. */
export class Warnings {
  private readonly found: PackageProblem[] = [];
  private more = 0;

  readonly warn: Warn = (path, message) => {
    if (this.found.length < MOST_WARNINGS) this.found.push({ path, message });
    else this.more += 1;
  };

  list(): readonly PackageProblem[] {
    return this.more === 0 ? this.found : [...this.found, { path: '', message: `${this.more} more warnings` }];
  }
}

const MOST_WARNINGS = 500;
