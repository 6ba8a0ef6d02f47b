import { type ArchiveLimits, SUBMISSION_LIMITS } from './submission-limits.js';

/** How an archive is unpacked. */
export interface UnpackOptions {
  readonly limits: ArchiveLimits;
  /**
   * Where the targets of symbolic links go, by the path of the link, as they are written: nothing is followed. Left out: an
   * archive with a link is refused.
   */
  readonly links?: Map<string, string>;
}

/** What students hand in. */
export const FOR_SUBMISSIONS: UnpackOptions = { limits: SUBMISSION_LIMITS };
