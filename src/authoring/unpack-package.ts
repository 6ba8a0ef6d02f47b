import { DomainError } from '../errors/domain-error.js';
import { pathSetFault } from '../grading/relative-path.js';
import { PackageFault } from '../packages/package-fault.js';
import type { PackageFiles } from '../packages/package-tree.js';
import { resolveLinks } from '../packages/resolve-links.js';
import { ArchiveFault } from '../submissions/archive-fault.js';
import type { ArchiveLimits } from '../submissions/submission-limits.js';
import { unpackTarGz } from '../submissions/unpack-tar-gz.js';
import { unpackZip } from '../submissions/unpack-zip.js';

const MIB = 1024 * 1024;

/** Bounds of what a package may hold, unpacked. The body as it travels is bounded by the HTTP server. */
export const PACKAGE_LIMITS: ArchiveLimits = {
  files: 3_000,
  unpackedBytes: 100 * MIB,
  archiveMembers: 6_000,
  expansion: 200,
  expansionFreeBytes: MIB,
};

const ARCHIVE = /\.(?:zip|kpp|tar\.gz|tgz)$/i;
const ZIP = /\.(?:zip|kpp)$/i;

/** What a package is called where it does not say so: the name of its file without its ending. */
export function nameOfPackage(fileName: string): string {
  const name = fileName.split(/[/\\]/).at(-1) ?? '';
  return name.replace(ARCHIVE, '').replace(/\.(?:json|ya?ml)$/i, '') || 'Imported assignment';
}

/**
 * The files of a package: an archive unpacked, its links in their place, or one file by itself.
 *
 * @throws PackageFault, and DomainError `too_large` beyond a bound
 */
export async function unpackPackage(fileName: string, content: Buffer): Promise<PackageFiles> {
  if (!ARCHIVE.test(fileName)) return new Map([[fileName.split(/[/\\]/).at(-1) ?? fileName, content]]);
  const links = new Map<string, string>();
  const options = { limits: PACKAGE_LIMITS, links };
  try {
    const unpacked = await (ZIP.test(fileName) ? unpackZip(content, options) : unpackTarGz(content, options));
    const fault = pathSetFault([...unpacked.map(({ path }) => path), ...links.keys()]);
    if (fault !== null) throw new ArchiveFault(`holds files that clash: ${fault}`);
    const files = new Map(unpacked.map((file) => [file.path, file.content]));
    if (files.size + links.size === 0) throw new ArchiveFault('holds no file');
    return resolveLinks(files, links, { files: PACKAGE_LIMITS.files, bytes: PACKAGE_LIMITS.unpackedBytes });
  } catch (error) {
    if (!(error instanceof ArchiveFault)) throw error;
    if (error.isTooLarge) {
      throw new DomainError(
        'too_large',
        'package_too_large',
        `The package ${error.message}: at most ${PACKAGE_LIMITS.files} files with ${PACKAGE_LIMITS.unpackedBytes / MIB} MiB in all are taken.`,
      );
    }
    throw PackageFault.at('', error.message);
  }
}
