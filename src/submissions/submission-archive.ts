import { Readable } from 'node:stream';
import { extract, type ExtractEvents, type Header, pack } from 'tar-stream';

/** One file of a submission; `path` is relative and was checked when it came in (`grading/relative-path.ts`). */
export interface SubmissionFile {
  readonly path: string;
  readonly content: Buffer;
}

/** What is known of a file before its content is read. */
export interface SubmissionFileHead {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** A file of a submission that is being read. */
export interface OpenedFile extends SubmissionFileHead {
  /** The beginning of the content: some kilobytes, or all of it where there is less. */
  readonly beginning: Buffer;
  /** All of the content. Read it to its end or destroy it. */
  readonly content: Readable;
}

/** A member of a tar archive, of whatever type its header says. */
export interface TarMember {
  readonly header: Header;
  readonly content: Buffer;
}

type Entry = ExtractEvents['entry'][1];

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
 * Paths and sizes of the files of a blob that `packArchive` made, in order of their paths. Holds no content.
 *
 * @throws Error when the blob is damaged or cannot be read
 */
export async function listArchive(blob: Readable): Promise<SubmissionFileHead[]> {
  const files: SubmissionFileHead[] = [];
  const entries = entriesOf(blob);
  for await (const entry of { [Symbol.asyncIterator]: () => entries }) {
    files.push({ path: entry.header.name, size: entry.header.size });
    entry.resume();
  }
  return files;
}

/**
 * One file of a blob that `packArchive` made, read as fast as it is taken and never held as a whole; null where there is
 * none of this path.
 *
 * @throws Error when the blob is damaged or cannot be read
 */
export async function openFile(blob: Readable, path: string): Promise<OpenedFile | null> {
  const entries = entriesOf(blob);
  for (;;) {
    const next = await entries.next();
    if (next.done === true) return null;
    const entry = next.value;
    if (entry.header.name !== path) {
      entry.resume();
      continue;
    }
    const chunks: AsyncIterator<unknown> = entry[Symbol.asyncIterator]();
    const first = await chunks.next();
    const beginning = first.done !== true && Buffer.isBuffer(first.value) ? first.value : Buffer.alloc(0);
    const content = Readable.from(withFirst(beginning, chunks), { objectMode: false });
    // Whether it was read to its end, or nobody wants the rest.
    content.once('close', () => blob.destroy());
    return { path, size: entry.header.size, beginning, content };
  }
}

async function* withFirst(first: Buffer, others: AsyncIterator<unknown>): AsyncGenerator<unknown, void, undefined> {
  yield first;
  for (let next = await others.next(); next.done !== true; next = await others.next()) yield next.value;
}

/** The members of a tar archive as they come; each is to be read, or resumed, before the next is asked for. */
function entriesOf(archive: Readable): AsyncIterator<Entry> {
  const reader = extract();
  // The iterator must listen before the first byte: an error that nobody hears would end the process.
  const entries = reader[Symbol.asyncIterator]();
  archive.on('error', (error) => reader.destroy(error));
  archive.once('close', () => {
    if (!archive.readableEnded) reader.destroy(new Error('The archive was not read to its end.'));
  });
  archive.pipe(reader);
  return entries;
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
