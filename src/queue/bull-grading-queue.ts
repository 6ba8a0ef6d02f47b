import { Logger } from '@nestjs/common';
import type { Job, Queue, QueueOptions } from 'bull';
import type { RedisConnections } from '../redis/redis-connections.js';
import { type GradingHandler, GradingQueue } from './grading-queue.js';
import { RunningHandlers } from './running-handlers.js';

/** Bull's name of the queue; with the prefix, the beginning of its keys. */
export const GRADING_QUEUE = 'grading';

/** What the board shows as the job's name. */
const JOB_NAME = 'grade';

/** Handles jobs of every name, also of another version of Assay: one without a handler would fail. */
const ANY_JOB = '*';

/** What a job holds: nothing that could go stale. */
export interface GradingJob {
  readonly runId: string;
}

/** What `@nestjs/bull` injects for {@link GRADING_QUEUE}. */
export type BullQueue = Queue<GradingJob>;

/** After this a `publish` that Redis did not answer is given up. */
const PUBLISH_TIMEOUT_MS = 2_000;

/**
 * Bull's settings. A killed worker's job is found `lockDuration` + `stalledInterval` later at the latest; with Bull's own
 * 30 s and 30 s it would be a minute. Whether the run may be taken then is for its lease to say.
 */
const SETTINGS = {
  lockDuration: 5_000,
  lockRenewTime: 2_000,
  stalledInterval: 3_000,
  // More than one: a run whose workers die is given up by the number of its claims, not by Bull, which would drop it silently.
  maxStalledCount: 10,
  retryProcessDelay: 1_000,
  guardInterval: 5_000,
  drainDelay: 5,
};

/** How Bull reaches Redis: through our one door. Never connects where no Redis is configured. */
export function bullOptions(redis: RedisConnections): QueueOptions {
  const options = {
    prefix: redis.prefix,
    settings: SETTINGS,
    // Not in Bull's types. Bull would connect at once to read the version, also in the embedded mode.
    skipVersionCheck: true,
    createClient: (type: 'client' | 'subscriber' | 'bclient') =>
      type === 'client'
        ? // Commands fail soon while Redis is away: those who publish must not wait for it.
          redis.create('queue', {
            maxRetriesPerRequest: 1,
            commandTimeout: PUBLISH_TIMEOUT_MS,
            connectTimeout: PUBLISH_TIMEOUT_MS,
          })
        : redis.create(`queue-${type}`, {
            maxRetriesPerRequest: null,
            enableReadyCheck: false,
            // A blocking read answers after `drainDelay` at the latest; a connection that is silent for longer is dead, as
            // after a cut that drops packets.
            ...(type === 'bclient' ? { socketTimeout: 4 * SETTINGS.drainDelay * 1_000 } : {}),
          }),
  };
  return options;
}

/** The queue of an installation with several processes: Bull on Redis, at least once. */
export class BullGradingQueue extends GradingQueue {
  readonly outlivesProcess = true;
  private readonly logger = new Logger(BullGradingQueue.name);
  private readonly handlers = new RunningHandlers();
  private isClosed = false;
  /** Bull answers each change when Redis does: one after the other, or the last one would not be the last. */
  private changes: Promise<void> = Promise.resolve();

  constructor(private readonly queue: BullQueue) {
    super();
    // Bull names its connection without waiting for it: where Redis goes away before that is done, the rejection would be
    // nobody's, and end the process in the middle of its orderly stop. Connections have their names from us already.
    queue.setWorkerName = () => Promise.resolve();
    // RedisConnections already tells of connections that fail; what else Bull meets it tries again by itself.
    queue.on('error', (error) => this.logger.debug({ err: error }, 'Bull met an error and goes on'));
  }

  async publish(runId: string): Promise<void> {
    // The job's id is the run's: while such a job waits or is active, Bull ignores another one.
    const added = this.queue.add(JOB_NAME, { runId }, { jobId: runId, removeOnComplete: true, removeOnFail: true });
    // Without a connection ioredis queues commands for longer than we want to wait.
    await within(PUBLISH_TIMEOUT_MS, added, 'Redis did not take the grading run in time.');
  }

  consume(concurrency: number, handler: GradingHandler): void {
    this.queue
      .process(ANY_JOB, concurrency, (job: Job<GradingJob>) => this.handlers.track(() => handler(job.data.runId)))
      .catch((error: unknown) => {
        if (!this.isClosed) this.logger.error({ err: error }, 'Bull stopped taking grading runs');
      });
    this.queue.on('failed', (job, error) => {
      this.logger.error({ err: error, runId: job?.data.runId }, 'A grading handler failed; the outbox will ring again');
    });
  }

  pause(): void {
    // Of this process alone, and without waiting for the handlers.
    this.change(() => this.queue.pause(true, true));
  }

  resume(): void {
    this.change(() => this.queue.resume(true));
  }

  private change(make: () => Promise<void>): void {
    this.changes = this.changes
      .then(() => (this.isClosed ? undefined : make()))
      .catch((error: unknown) => this.logger.debug({ err: error }, 'Bull was not paused or resumed in order'));
  }

  async close(graceMs: number): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    // Locally, and without waiting for the handlers: Bull would wait for them for ever. It cuts the blocking connection.
    await this.quietly(this.queue.pause(true, true));
    await this.handlers.whenIdle(graceMs);
    // Nest's module would close it as well, but wait without a bound; the second close is the first one's.
    await this.quietly(this.queue.close(true));
  }

  private async quietly(closing: Promise<void>): Promise<void> {
    try {
      await within(PUBLISH_TIMEOUT_MS, closing, 'Bull did not let go of Redis in time.');
    } catch (error) {
      // The process ends; whatever Bull still holds it finds again as stalled.
      this.logger.debug({ err: error }, 'Bull was not closed in order');
    }
  }

  async waiting(): Promise<number> {
    return within(
      PUBLISH_TIMEOUT_MS,
      this.queue.getWaitingCount(),
      'Redis did not tell the depth of the queue in time.',
    );
  }
}

async function within<T>(timeoutMs: number, promise: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
