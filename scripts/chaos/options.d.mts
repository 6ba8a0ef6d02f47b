/** Types for the tests; what it does stands in `options.mjs`. */
export interface Options {
  readonly isQuick: boolean;
  readonly isEmbedded: boolean;
  readonly rounds: number | null;
  readonly rows: string[] | null;
  readonly minutes: number;
  readonly json: string | null;
  readonly resume: string | null;
  readonly seed: number;
}

export const USAGE: string;
export function readOptions(args: readonly string[], chooseSeed?: () => number): Options;
