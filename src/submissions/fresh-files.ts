import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../config/env.js';
import type { SubmissionFile } from './submission-archive.js';

/** What all that waits may hold, in bytes of content; what is larger than a quarter of it is not kept at all. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_SUBMISSIONS = 2_000;

interface Kept {
  readonly files: readonly SubmissionFile[];
  readonly bytes: number;
}

/**
 * Hands the files of new submissions to the worker of the same process, so that it need not read back what was stored a
 * moment ago. It may forget anything at any time: the storage has it. Keeps nothing where workers are processes of their own.
 */
@Injectable()
export class FreshFiles {
  /** Oldest first. */
  private readonly kept = new Map<string, Kept>();
  private readonly isUseful: boolean;
  private bytes = 0;

  constructor(@Inject(Environment) { role }: Pick<Environment, 'role'>) {
    this.isUseful = role === 'all';
  }

  /** Offers the files of a submission that was accepted, under their key in the storage. */
  offer(filesKey: string, files: readonly SubmissionFile[]): void {
    const bytes = files.reduce((sum, { path, content }) => sum + 2 * path.length + content.length, 0);
    if (!this.isUseful || bytes > MOST_BYTES / 4) return;
    this.take(filesKey);
    this.kept.set(filesKey, { files, bytes });
    this.bytes += bytes;
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= MOST_BYTES && this.kept.size <= MOST_SUBMISSIONS) return;
      this.take(oldest);
    }
  }

  /** The files, once; null where they must be read from the storage. */
  take(filesKey: string): readonly SubmissionFile[] | null {
    const found = this.kept.get(filesKey);
    if (found === undefined) return null;
    this.kept.delete(filesKey);
    this.bytes -= found.bytes;
    return found.files;
  }
}
