import { PATH_LIMITS } from '../grading/relative-path.js';

const MIB = 1024 * 1024;

/** Bounds of what an archive may hold, and of what it may unpack to. */
export interface ArchiveLimits {
  readonly files: number;
  readonly unpackedBytes: number;
  /** Members of an archive of whatever kind: files, and the folders around them. */
  readonly archiveMembers: number;
  /** How many times its packed size an archive may unpack to … */
  readonly expansion: number;
  /** … unless it stays below this: a small file of zeros expands a thousandfold and harms nobody. */
  readonly expansionFreeBytes: number;
}

/** Bounds of what one submission may hold, unpacked. The body as it travels is bounded by the HTTP server. */
export const SUBMISSION_LIMITS: ArchiveLimits = {
  files: 500,
  unpackedBytes: 50 * MIB,
  archiveMembers: 500 * PATH_LIMITS.depth,
  expansion: 100,
  expansionFreeBytes: MIB,
};

/** The most that an archive of `packedBytes` may unpack to, in bytes. */
export function mostUnpackedBytes(packedBytes: number, limits: ArchiveLimits = SUBMISSION_LIMITS): number {
  const { unpackedBytes, expansion, expansionFreeBytes } = limits;
  return Math.min(unpackedBytes, Math.max(packedBytes * expansion, expansionFreeBytes));
}
