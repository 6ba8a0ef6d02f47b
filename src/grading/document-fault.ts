/** One thing that is wrong with a grading document. */
export interface DocumentFault {
  /** JSON Pointer (RFC 6901) into the document; empty for the document itself. */
  readonly path: string;
  /** The end of a sentence about what stands there, for the instructor: what is wrong, and what to do. */
  readonly message: string;
}

/** The JSON Pointer that `names` make, each escaped as RFC 6901 says. */
export function pointer(...names: readonly (string | number)[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
