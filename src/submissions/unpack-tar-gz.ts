import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Header } from 'tar-stream';
import { ArchiveFault, memberPath } from './archive-fault.js';
import { type SubmissionFile, tarMembers } from './submission-archive.js';
import { mostUnpackedBytes, SUBMISSION_LIMITS } from './submission-limits.js';

const unzip = promisify(gunzip);

/** What the tar format may put around the files: headers, names and padding of each member. */
const MOST_FRAME_BYTES = SUBMISSION_LIMITS.archiveMembers * 1_536;

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
export async function unpackTarGz(packed: Buffer): Promise<SubmissionFile[]> {
  const mostBytes = mostUnpackedBytes(packed.length);
  const tar = await decompress(packed, mostBytes);
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
    if (members > SUBMISSION_LIMITS.archiveMembers) throw ArchiveFault.tooManyMembers('members');
    if (bytes > mostBytes) throw ArchiveFault.unpacksTo(mostBytes);
    const isFile = header.type === 'file' || header.type === 'contiguous-file';
    if (!isFile && header.type !== 'directory') {
      throw ArchiveFault.ofMember(header.name, REFUSED_TYPES[header.type] ?? 'is neither a file nor a folder');
    }
    const path = memberPath(header.name, !isFile);
    if (path === null) continue;
    files.push({ path, content });
    if (files.length > SUBMISSION_LIMITS.files) throw ArchiveFault.tooManyMembers('files');
  }
}

async function decompress(packed: Buffer, mostBytes: number): Promise<Buffer> {
  try {
    return await unzip(packed, { maxOutputLength: mostBytes + MOST_FRAME_BYTES });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? ArchiveFault.unpacksTo(mostBytes) : new ArchiveFault('is not a gzip file that can be read');
  }
}
