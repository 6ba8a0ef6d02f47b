import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Header } from 'tar-stream';
import { ArchiveFault, memberPath } from './archive-fault.js';
import { type SubmissionFile, tarMembers } from './submission-archive.js';
import { type ArchiveLimits, mostUnpackedBytes } from './submission-limits.js';
import { FOR_SUBMISSIONS, type UnpackOptions } from './unpack-options.js';

const unzip = promisify(gunzip);

/** What the tar format may put around each member: headers, names and padding. */
const FRAME_BYTES = 1_536;

/** What may not come in an archive, and why. Anything not named here or taken below is refused as well. */
const REFUSED_TYPES: Readonly<Partial<Record<Header['type'], string>>> = {
  link: 'is a link: put in the file itself',
  symlink: 'is a symbolic link: put in the file itself',
  'block-device': 'is a device',
  'character-device': 'is a device',
  fifo: 'is a named pipe',
};

/**
 * Unpacks a `.tar.gz` in memory; nothing is written under a name of the archive. Never holds more than the bounds allow,
 * whatever the archive says about itself.
 *
 * @throws ArchiveFault
 */
export async function unpackTarGz(
  packed: Buffer,
  { limits, links }: UnpackOptions = FOR_SUBMISSIONS,
): Promise<SubmissionFile[]> {
  const mostBytes = mostUnpackedBytes(packed.length, limits);
  const tar = await decompress(packed, mostBytes, limits);
  const files: SubmissionFile[] = [];
  let members = 0;
  let bytes = 0;
  const reader = tarMembers(tar);
  for (;;) {
    const next = await reader.next().catch(() => {
      throw new ArchiveFault('is not a tar archive that can be read');
    });
    if (next.done === true) return files;
    const { header, content } = next.value;
    members += 1;
    bytes += content.length;
    if (members > limits.archiveMembers) throw ArchiveFault.tooManyMembers('members', limits);
    if (bytes > mostBytes) throw ArchiveFault.unpacksTo(mostBytes, limits);
    const isFile = header.type === 'file' || header.type === 'contiguous-file';
    const isLink = header.type === 'symlink' && links !== undefined;
    if (!isFile && !isLink && header.type !== 'directory') {
      throw ArchiveFault.ofMember(header.name, REFUSED_TYPES[header.type] ?? 'is neither a file nor a folder');
    }
    const path = memberPath(header.name, header.type === 'directory');
    if (path === null) continue;
    if (isLink) links.set(path, header.linkname ?? '');
    else files.push({ path, content });
    if (files.length + (links?.size ?? 0) > limits.files) throw ArchiveFault.tooManyMembers('files', limits);
  }
}

async function decompress(packed: Buffer, mostBytes: number, limits: ArchiveLimits): Promise<Buffer> {
  try {
    return await unzip(packed, { maxOutputLength: mostBytes + limits.archiveMembers * FRAME_BYTES });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge
      ? ArchiveFault.unpacksTo(mostBytes, limits)
      : new ArchiveFault('is not a gzip file that can be read');
  }
}
