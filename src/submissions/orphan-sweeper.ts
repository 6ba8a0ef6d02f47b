import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { FileStorage } from '../storage/file-storage.js';
import { instantOfId, submissionIdOfFilesKey } from './files-key.js';
import { Submission } from './submission.entity.js';

const HOUR_MS = 3_600_000;
/** Long after any request has ended: whoever stored these files did not live to make a submission of them. */
const ABANDONED_MS = HOUR_MS;
/** Ids in one statement. */
const BATCH = 200;

/** Deletes files whose process died between storing them and making the submission. */
@Injectable()
export class OrphanSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OrphanSweeper.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @InjectRepository(Submission) private readonly submissions: Repository<Submission>,
    private readonly storage: FileStorage,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweep().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Files without a submission could not be swept'),
      );
    }, HOUR_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Looks through all stored files once, and returns how many were deleted. */
  async sweep(): Promise<number> {
    const before = new Date((await databaseNow(this.submissions.manager)).getTime() - ABANDONED_MS);
    let deleted = 0;
    let batch = new Map<string, string>();
    for await (const key of this.storage.list('submissions')) {
      const id = submissionIdOfFilesKey(key);
      // What is not ours is left alone, and so is what may still become a submission.
      if (id === null || instantOfId(id) >= before) continue;
      batch.set(id, key);
      if (batch.size < BATCH) continue;
      deleted += await this.deleteOrphans(batch);
      batch = new Map();
    }
    deleted += await this.deleteOrphans(batch);
    if (deleted > 0) this.logger.log({ deleted }, 'Files without a submission were deleted');
    return deleted;
  }

  private async deleteOrphans(batch: ReadonlyMap<string, string>): Promise<number> {
    if (batch.size === 0) return 0;
    const rows = await this.submissions.find({ select: { id: true }, where: { id: In([...batch.keys()]) } });
    const known = new Set(rows.map(({ id }) => id));
    const orphans = [...batch].filter(([id]) => !known.has(id));
    for (const [, key] of orphans) await this.storage.delete(key);
    return orphans.length;
  }
}
