import { PATH_LIMITS } from '../grading/relative-path.js';

const MIB = 1024 * 1024;

/** Bounds of what one submission may hold, unpacked. The body as it travels is bounded by the HTTP server. */
export const SUBMISSION_LIMITS = {
  files: 500,
  unpackedBytes: 50 * MIB,
  /** Members of an archive of whatever kind: files, and the folders around them. */
  archiveMembers: 500 * PATH_LIMITS.depth,
  /** How many times its packed size an archive may unpack to … */
  expansion: 100,
  /** … unless it stays below this: a small file of zeros expands a thousandfold and harms nobody. */
  expansionFreeBytes: MIB,
} as const;

/** The most that an archive of `packedBytes` may unpack to, in bytes. */
export function mostUnpackedBytes(packedBytes: number): number {
  const { unpackedBytes, expansion, expansionFreeBytes } = SUBMISSION_LIMITS;
  return Math.min(unpackedBytes, Math.max(packedBytes * expansion, expansionFreeBytes));
}
