import { extract, type Header, pack } from 'tar-stream';

/** One file of a submission; `path` is relative and was checked when it came in (`grading/relative-path.ts`). */
export interface SubmissionFile {
  readonly path: string;
  readonly content: Buffer;
}

/** A member of a tar archive, of whatever type its header says. */
export interface TarMember {
  readonly header: Header;
  readonly content: Buffer;
}

const FILE_MODE = 0o644;
const EPOCH = new Date(0);

/**
 * Packs files into one blob (a plain tar archive) for the storage. The same files give the same bytes, in whatever order
 * they come: no times, owners or host names go in.
 */
export async function packArchive(files: readonly SubmissionFile[]): Promise<Buffer> {
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const archive = pack();
  for (const { path, content } of sorted) {
    archive.entry({ name: path, size: content.length, mode: FILE_MODE, mtime: EPOCH, type: 'file' }, content);
  }
  archive.finalize();
  return collect(archive);
}

/**
 * The files of a blob that `packArchive` made, in order of their paths.
 *
 * @throws Error when the blob is damaged, or holds anything but plain files.
 */
export async function readArchive(blob: Buffer): Promise<SubmissionFile[]> {
  const files: SubmissionFile[] = [];
  for await (const { header, content } of tarMembers(blob)) {
    if (header.type !== 'file') throw new Error(`A stored submission holds a member of type ${header.type}.`);
    files.push({ path: header.name, content });
  }
  return files;
}

/**
 * The members of a tar archive that is in memory, one after the other. Content is not copied where it need not be: it
 * shares the memory of `archive`.
 *
 * @throws Error when the archive is damaged or ends too early.
 */
export async function* tarMembers(archive: Buffer): AsyncGenerator<TarMember, void, undefined> {
  const reader = extract();
  // The iterator must listen before the first byte: an error that nobody hears would end the process.
  const members = reader[Symbol.asyncIterator]();
  reader.end(archive);
  for await (const member of { [Symbol.asyncIterator]: () => members }) {
    yield { header: member.header, content: await collect(member) };
  }
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) throw new Error('A tar stream gave something other than bytes.');
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}
