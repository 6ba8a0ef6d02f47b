/** Codes that each sign in once in place of one from the program. Shown once. */
export class RecoveryCodesDto {
  /**
   * Ten of them; those of before do not work any more.
   * @example ["mfrg-gzdf-mztw-q2lk-nnwg-23tp"]
   */
  recoveryCodes: string[];
}
