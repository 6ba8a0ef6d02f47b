import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { validate } from 'uuid';
import { databaseNow } from '../database/database-clock.js';
import { FileStorage } from '../storage/file-storage.js';
import { instantOfId } from '../submissions/files-key.js';
import { packArchive, readArchive, type SubmissionFile } from '../submissions/submission-archive.js';
import { ModelSubmission } from './model-submission.entity.js';

const HOUR_MS = 3_600_000;
/** Ids in one statement. */
const BATCH = 200;

/** Keeps the files of model submissions, and deletes those whose import died before it made them. */
@Injectable()
export class ModelFiles implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ModelFiles.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @InjectRepository(ModelSubmission) private readonly models: Repository<ModelSubmission>,
    private readonly storage: FileStorage,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweep().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Files without a model submission could not be swept'),
      );
    }, HOUR_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Stores the files of a model submission and returns their key. */
  async put(modelId: string, files: readonly SubmissionFile[]): Promise<string> {
    const key = keyOf(modelId);
    await this.storage.put(key, await packArchive(files));
    return key;
  }

  async get({ filesKey }: Pick<ModelSubmission, 'filesKey'>): Promise<SubmissionFile[]> {
    return readArchive(await this.storage.get(filesKey));
  }

  /** Deletes what an import stored that was refused. */
  async discard(modelIds: readonly string[]): Promise<void> {
    for (const id of modelIds) {
      await this.storage
        .delete(keyOf(id))
        .catch((error: unknown) => this.logger.warn({ err: error }, 'Files of a refused import could not be removed'));
    }
  }

  /** Looks through all stored files once, and returns how many were deleted. */
  async sweep(): Promise<number> {
    const before = new Date((await databaseNow(this.models.manager)).getTime() - HOUR_MS);
    const old: string[] = [];
    for await (const key of this.storage.list('models')) {
      const id = /^models\/([0-9a-f-]{36})\.tar$/.exec(key)?.[1];
      // What is not ours is left alone, and so is what may still become a model submission.
      if (id !== undefined && validate(id) && instantOfId(id) < before) old.push(id);
    }
    let deleted = 0;
    for (let start = 0; start < old.length; start += BATCH) {
      const ids = old.slice(start, start + BATCH);
      const rows = await this.models.find({ select: { id: true }, where: { id: In(ids) } });
      const known = new Set(rows.map(({ id }) => id));
      const orphans = ids.filter((id) => !known.has(id));
      for (const id of orphans) await this.storage.delete(keyOf(id));
      deleted += orphans.length;
    }
    return deleted;
  }
}

function keyOf(modelId: string): string {
  return `models/${modelId}.tar`;
}
