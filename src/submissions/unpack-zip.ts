import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { ArchiveFault, memberPath } from './archive-fault.js';
import type { SubmissionFile } from './submission-archive.js';
import { mostUnpackedBytes } from './submission-limits.js';
import { FOR_SUBMISSIONS, type UnpackOptions } from './unpack-options.js';

const inflate = promisify(inflateRaw);

const STORED = 0;
const DEFLATED = 8;

/** Upper half of the external attributes: the mode that Unix programs put there, 0 from others. */
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const REFUSED_TYPES: ReadonlyMap<number, string> = new Map([
  [SYMBOLIC_LINK, 'is a symbolic link: put in the file itself'],
  [0o060000, 'is a device'],
  [0o020000, 'is a device'],
  [0o010000, 'is a named pipe'],
  [0o140000, 'is a socket'],
]);

/** A file of the archive, as its directory describes it. */
interface Member {
  readonly name: string;
  readonly path: string;
  readonly entry: Entry;
  readonly isLink: boolean;
}

/**
 * Unpacks a `.zip` in memory; nothing is written under a name of the archive. Names, kinds and sizes of all members are
 * checked before the first is unpacked, and each is unpacked to the size that was checked, or refused.
 *
 * @throws ArchiveFault
 */
export async function unpackZip(packed: Buffer, options: UnpackOptions = FOR_SUBMISSIONS): Promise<SubmissionFile[]> {
  const zip = await readable(() =>
    // Names are decoded by us: the library would stop at a bad one without telling which.
    fromBufferPromise(packed, { lazyEntries: true, decodeStrings: false, validateEntrySizes: true }),
  );
  const members = await directoryOf(zip, mostUnpackedBytes(packed.length, options.limits), options);
  const files: SubmissionFile[] = [];
  for (const member of members) {
    const content = await contentOf(zip, packed, member);
    if (member.isLink) options.links?.set(member.path, content.toString('utf8'));
    else files.push({ path: member.path, content });
  }
  return files;
}

async function directoryOf(zip: ZipFile, mostBytes: number, { limits, links }: UnpackOptions): Promise<Member[]> {
  const members: Member[] = [];
  let entries = 0;
  let bytes = 0;
  const reader = zip.eachEntry();
  for (;;) {
    const next = await readable(() => reader.next());
    if (next.done === true) return members;
    const entry: Entry = next.value;
    entries += 1;
    bytes += entry.uncompressedSize;
    if (entries > limits.archiveMembers) throw ArchiveFault.tooManyMembers('members', limits);
    if (bytes > mostBytes) throw ArchiveFault.unpacksTo(mostBytes, limits);
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
    const isFolder = name.endsWith('/');
    const isLink = links !== undefined && fileTypeOf(entry) === SYMBOLIC_LINK;
    const fault = entryFault(entry, isFolder, isLink);
    if (fault !== null) throw ArchiveFault.ofMember(name, fault);
    const path = memberPath(name, isFolder);
    if (path === null) continue;
    members.push({ name, path, entry, isLink });
    if (members.length > limits.files) throw ArchiveFault.tooManyMembers('files', limits);
  }
}

function fileTypeOf({ externalFileAttributes }: Entry): number {
  return (externalFileAttributes >>> 16) & FILE_TYPE;
}

function entryFault(entry: Entry, isFolder: boolean, isLink: boolean): string | null {
  if (entry.isEncrypted()) return 'is encrypted: pack it without a password';
  const refused = isLink ? undefined : REFUSED_TYPES.get(fileTypeOf(entry));
  if (refused !== undefined) return refused;
  if (isFolder) return entry.uncompressedSize === 0 ? null : 'is a folder with content';
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    return 'is packed by a method other than deflate';
  }
  return null;
}

async function contentOf(zip: ZipFile, packed: Buffer, { name, entry }: Member): Promise<Buffer> {
  const { fileDataStart } = await readable(() => zip.readLocalFileHeaderPromise(entry, { minimal: true }));
  const data = packed.subarray(fileDataStart, fileDataStart + entry.compressedSize);
  const content = entry.compressionMethod === STORED ? data : await decompress(data, name, entry.uncompressedSize);
  if (content.length !== entry.uncompressedSize) throw ArchiveFault.ofMember(name, 'has another size than it says');
  if (crc32(content) !== entry.crc32) throw ArchiveFault.ofMember(name, 'is damaged: its checksum does not match');
  return content;
}

async function decompress(data: Buffer, name: string, expectedBytes: number): Promise<Buffer> {
  try {
    // One more than expected is not allowed for: a size that lies ends here, whatever it would have unpacked to.
    return await inflate(data, { maxOutputLength: Math.max(expectedBytes, 1) });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw ArchiveFault.ofMember(name, isTooLarge ? 'has another size than it says' : 'is damaged');
  }
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch {
    throw new ArchiveFault('is not a zip archive that can be read');
  }
}
