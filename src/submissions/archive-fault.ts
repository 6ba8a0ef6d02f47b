import { relativePathFault } from '../grading/relative-path.js';
import type { ArchiveLimits } from './submission-limits.js';

/**
 * An archive that is not taken. `message` is the end of a sentence about the file that it is; `isTooLarge` tells a bound that
 * was crossed from content that is refused.
 */
export class ArchiveFault extends Error {
  constructor(
    message: string,
    readonly isTooLarge = false,
  ) {
    super(message);
    this.name = 'ArchiveFault';
  }

  /** A fault of one member, which is named as far as a name may be shown. */
  static ofMember(name: string, fault: string): ArchiveFault {
    return new ArchiveFault(`holds ${JSON.stringify(name.slice(0, 300))}, which ${fault}`);
  }

  static unpacksTo(bytes: number, { unpackedBytes, expansion }: ArchiveLimits): ArchiveFault {
    const fault =
      bytes < unpackedBytes
        ? `unpacks to more than ${expansion} times its size`
        : `unpacks to more than ${unpackedBytes / 1024 / 1024} MiB`;
    return new ArchiveFault(fault, true);
  }

  static tooManyMembers(what: 'files' | 'members', { files, archiveMembers }: ArchiveLimits): ArchiveFault {
    const most = what === 'files' ? files : archiveMembers;
    return new ArchiveFault(`holds more than ${most} ${what}`, true);
  }
}

/**
 * The path that an archive's member has in the submission; null for a folder, which needs no file. A leading `./`, as `tar`
 * writes it for `tar -czf x.tar.gz .`, says nothing and is taken away.
 *
 * @throws ArchiveFault for a path that could lead out of the folder, or that is not what it looks like.
 */
export function memberPath(name: string, isFolder: boolean): string | null {
  const path = name.replace(/^(?:\.\/+)+/, '');
  const bare = isFolder ? path.replace(/\/$/, '') : path;
  if (isFolder && (bare === '' || bare === '.')) return null;
  const fault = relativePathFault(bare);
  if (fault !== null) throw ArchiveFault.ofMember(name, fault);
  return isFolder ? null : bare;
}
