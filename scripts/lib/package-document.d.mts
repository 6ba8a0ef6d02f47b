/** Types for the tests; what these are stands in `package-document.mjs`. */
export interface LoadedPackage {
  readonly title: string;
  readonly instructions: string;
  /** A grading document, to be checked like any that comes from outside. */
  readonly grading: Readonly<Record<string, unknown>>;
  readonly warnings: readonly { readonly path: string; readonly message: string }[];
}

export const CEILINGS: {
  readonly timeMs: number;
  readonly wallMs: number;
  readonly memoryMiB: number;
  readonly processes: number;
  readonly outputKiB: number;
  readonly diskMiB: number;
};
