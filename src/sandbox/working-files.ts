import { posix } from 'node:path';
import type { Readable } from 'node:stream';

import { extract, pack } from 'tar-stream';

import type { SandboxFile } from './sandbox.js';

interface KeptEntry {
  readonly kind: 'file' | 'directory' | 'link';
  readonly content: Buffer;
  readonly executable: boolean;
  /** Target of a symbolic link. Only ever followed inside the sandbox. */
  readonly target: string;
  readonly modifiedAt: Date;
}

/** What {@link readArchive} found, by path. */
export type KeptEntries = ReadonlyMap<string, KeptEntry>;

const LARGEST_ENTRY_COUNT = 20_000;
/** What an archive spends on one entry besides its content: the header, and the padding of content and long name. */
const ENTRY_BYTES = 2_048;
/** A file takes whole pages when it is laid again, while links to one file and files with holes took fewer. */
const PAGE_BYTES = 4_096;
const TOO_LARGE = 'the program left more in its folder than its limit allows';

/** What a program left is more than the limit allows. */
export class WorkingFolderTooLarge extends Error {}

/**
 * The name that an archive gives, made relative to the working folder; null when it names the folder itself or cannot be
 * kept. Names that are not UTF-8 arrive with replacement characters and would come back as another name.
 */
export function keptPath(name: string): string | null {
  if (name.includes('\0') || name.includes('\uFFFD') || name.startsWith('/')) return null;
  const path = posix.normalize(name).replace(/\/$/, '');
  return path === '.' || path === '' || path === '..' || path.startsWith('../') ? null : path;
}

/**
 * The files of a session, held in memory as data. Nothing of them is ever a file of the host by its own name: they go into
 * the sandbox and come back out of it as one tar archive, so no link, device or path in them can reach the host.
 */
export class WorkingFiles {
  private entries = new Map<string, KeptEntry>();
  private packed: Promise<Buffer> | null = null;

  /** Lays files over those already there. A file wins over a link or file where it needs a folder, and over a folder. */
  put(files: readonly SandboxFile[]): void {
    const modifiedAt = new Date();
    for (const file of files) {
      const path = keptPath(file.path);
      if (path === null) throw new Error('a file needs a relative path inside the working folder');
      this.clearWayFor(path);
      this.entries.set(path, {
        kind: 'file',
        content: file.content,
        executable: file.executable ?? false,
        target: '',
        modifiedAt,
      });
    }
    this.packed = null;
  }

  /** What a program left must not lead our own file elsewhere: a link named like its folder, or a folder named like it. */
  private clearWayFor(path: string): void {
    for (let parent = posix.dirname(path); parent !== '.'; parent = posix.dirname(parent)) {
      if (this.entries.get(parent)?.kind !== 'directory') this.entries.delete(parent);
    }
    if (this.entries.get(path)?.kind === 'directory') {
      for (const other of this.entries.keys()) if (other.startsWith(`${path}/`)) this.entries.delete(other);
    }
    this.entries.delete(path);
  }

  /** All files as one tar archive. Made once after each change. */
  archive(): Promise<Buffer> {
    this.packed ??= this.pack();
    return this.packed;
  }

  private async pack(): Promise<Buffer> {
    const archive = pack();
    for (const [name, entry] of this.entries) {
      const common = { name, mtime: entry.modifiedAt };
      if (entry.kind === 'directory') archive.entry({ ...common, type: 'directory', mode: 0o755 });
      else if (entry.kind === 'link') archive.entry({ ...common, type: 'symlink', linkname: entry.target });
      else archive.entry({ ...common, type: 'file', mode: entry.executable ? 0o755 : 0o644 }, entry.content);
    }
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Forgets all files and takes those of an archive, see {@link readArchive}. */
  replaceBy(entries: KeptEntries): void {
    this.entries = new Map(entries);
    this.packed = null;
  }

  /** The files as they are now, for `replaceBy`. */
  get all(): KeptEntries {
    return new Map(this.entries);
  }
}

/**
 * Reads the archive that a sandbox sends. Keeps regular files, folders and symbolic links; pipes, devices, sockets and
 * names that are not UTF-8 are left out. Hard links come as files of their own.
 * @throws WorkingFolderTooLarge when it holds more than `limitBytes` or too many entries.
 */
export async function readArchive(archive: Readable, limitBytes: number): Promise<KeptEntries> {
  // The whole archive first: it is bounded, and nothing half-read has to be undone.
  const chunks: Buffer[] = [];
  let archiveBytes = 0;
  for await (const chunk of archive) {
    if (!Buffer.isBuffer(chunk)) continue;
    archiveBytes += chunk.length;
    if (archiveBytes > limitBytes + LARGEST_ENTRY_COUNT * ENTRY_BYTES) throw new WorkingFolderTooLarge(TOO_LARGE);
    chunks.push(chunk);
  }

  const entries = new Map<string, KeptEntry>();
  let count = 0;
  let bytes = 0;
  const reader = extract();
  reader.end(Buffer.concat(chunks, archiveBytes));
  for await (const entry of reader) {
    const { name, type, mode, size, linkname, mtime } = entry.header;
    const content: Buffer[] = [];
    for await (const chunk of entry) if (Buffer.isBuffer(chunk)) content.push(chunk);
    count += 1;
    bytes += Math.ceil((size ?? 0) / PAGE_BYTES) * PAGE_BYTES;
    if (bytes > limitBytes || count > LARGEST_ENTRY_COUNT) throw new WorkingFolderTooLarge(TOO_LARGE);
    const path = keptPath(name);
    const kind = type === 'file' || type === 'directory' ? type : type === 'symlink' ? 'link' : null;
    if (path === null || kind === null) continue;
    entries.set(path, {
      kind,
      content: Buffer.concat(content),
      executable: ((mode ?? 0) & 0o100) !== 0,
      target: linkname ?? '',
      modifiedAt: mtime ?? new Date(0),
    });
  }
  return entries;
}
