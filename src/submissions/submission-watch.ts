import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { Submission } from './submission.entity.js';

const POLL_MS = 1_000;
/** Ids in one statement. */
const BATCH = 500;

interface Watched {
  readonly listeners: Set<() => void>;
  version: number;
}

/**
 * Looks at the rows of all submissions that are being watched, once a second and together, and tells which have changed. The
 * safety net below the live events: whatever is lost there is noticed here.
 */
@Injectable()
export class SubmissionWatch implements OnApplicationShutdown {
  private readonly logger = new Logger(SubmissionWatch.name);
  private readonly watched = new Map<string, Watched>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(@InjectRepository(Submission) private readonly submissions: Repository<Submission>) {}

  /**
   * Calls the listener after each change of the submission's row, until the returned function is called.
   *
   * @param version of the row when the caller read it
   */
  add(submissionId: string, version: number, listener: () => void): () => void {
    const entry: Watched = this.watched.get(submissionId) ?? { listeners: new Set(), version };
    // Where two have read different versions, both look again: once too often harms nobody.
    if (entry.version !== version) entry.version = -1;
    this.watched.set(submissionId, entry);
    entry.listeners.add(listener);
    this.schedule();
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0 && this.watched.get(submissionId) === entry) this.watched.delete(submissionId);
    };
  }

  onApplicationShutdown(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.timer !== undefined || this.isStopped || this.watched.size === 0) return;
    this.timer = setTimeout(() => {
      this.poll()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'Watched submissions could not be looked at'))
        .finally(() => {
          this.timer = undefined;
          this.schedule();
        });
    }, POLL_MS);
    this.timer.unref();
  }

  private async poll(): Promise<void> {
    const ids = [...this.watched.keys()];
    for (let start = 0; start < ids.length; start += BATCH) {
      const rows = await this.submissions.find({
        select: { id: true, version: true },
        where: { id: In(ids.slice(start, start + BATCH)) },
      });
      for (const { id, version } of rows) this.compare(id, version);
    }
  }

  private compare(submissionId: string, version: number): void {
    const entry = this.watched.get(submissionId);
    if (entry === undefined || entry.version === version) return;
    entry.version = version;
    for (const listener of entry.listeners) listener();
  }
}
