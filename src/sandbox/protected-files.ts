import { closeSync } from 'node:fs';
import { posix } from 'node:path';

import type { SandboxFile } from './sandbox.js';
import { reopen, type ScratchFolder } from './scratch-folder.js';
import { keptPath } from './working-files.js';

/** Each is a descriptor of the worker and some arguments of bubblewrap. */
const LARGEST_PROTECTED_COUNT = 512;

/** A protected file that can be read from its start. Whoever asked for it closes the descriptor. */
export interface OpenProtectedFile {
  readonly path: string;
  readonly executable: boolean;
  readonly descriptor: number;
}

interface ProtectedEntry {
  readonly content: Buffer;
  readonly executable: boolean;
  /** A file without a name that holds the content; null until it is first shown. */
  stored: number | null;
}

/** The protected files of a session whose steps each have a bubblewrap of their own. As files of the host they have no name. */
export class ProtectedFiles {
  private readonly entries = new Map<string, ProtectedEntry>();

  constructor(private readonly scratch: ScratchFolder) {}

  /** Lays a file over those already there. It wins over a file where it needs a folder, and over a folder. */
  put(file: SandboxFile): void {
    const path = keptPath(file.path);
    if (path === null) throw new Error('a file needs a relative path inside the protected folder');
    for (const other of this.entries.keys()) {
      if (other === path || other.startsWith(`${path}/`)) this.remove(other);
    }
    for (let parent = posix.dirname(path); parent !== '.'; parent = posix.dirname(parent)) this.remove(parent);
    this.entries.set(path, { content: file.content, executable: file.executable ?? false, stored: null });
  }

  /** @throws Error when there are too many, or the disk is full; then nothing is open. */
  open(): readonly OpenProtectedFile[] {
    if (this.entries.size > LARGEST_PROTECTED_COUNT) {
      throw new Error(
        `a submission has at most ${LARGEST_PROTECTED_COUNT} protected files: put what belongs together into one, such as an archive`,
      );
    }
    const opened: OpenProtectedFile[] = [];
    try {
      for (const [path, entry] of this.entries) {
        entry.stored ??= this.scratch.createNameless(entry.content);
        opened.push({ path, executable: entry.executable, descriptor: reopen(entry.stored) });
      }
      return opened;
    } catch (error) {
      for (const { descriptor } of opened) closeSync(descriptor);
      throw error;
    }
  }

  close(): void {
    for (const path of this.entries.keys()) this.remove(path);
  }

  private remove(path: string): void {
    const stored = this.entries.get(path)?.stored ?? null;
    if (stored !== null) closeSync(stored);
    this.entries.delete(path);
  }
}
