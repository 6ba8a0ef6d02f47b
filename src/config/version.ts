/** The version of this program, as `package.json` has it. */
export const ASSAY_VERSION = '0.1.0';
