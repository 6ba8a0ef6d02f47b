import { Injectable, Logger } from '@nestjs/common';
import { RedisConnections } from '../redis/redis-connections.js';

/** A language, as a worker found it on its machine. */
export interface ReportedRuntime {
  readonly key: string;
  readonly title: string;
  readonly version: string | null;
  readonly available: boolean;
  readonly reason: string | null;
}

/** What a worker can do: the languages, and what its sandbox holds back. */
export interface WorkerReport {
  readonly runtimes: readonly ReportedRuntime[];
  readonly sandbox: { readonly driver: string; readonly holds: Readonly<Record<string, string | boolean>> };
}

/** A report lives this long; workers repeat it three times in it. */
const LIFETIME_SECONDS = 60;
export const REPORT_EVERY_MS = (LIFETIME_SECONDS / 3) * 1_000;

/**
 * Where workers tell what they can do, and the API reads it: in this process, or through Redis. All workers of one
 * installation are taken to be alike; the last one to report is believed.
 */
@Injectable()
export class WorkerReports {
  private readonly logger = new Logger(WorkerReports.name);
  private own: WorkerReport | null = null;

  constructor(private readonly redis: RedisConnections) {}

  /** Never rejects: a report that does not arrive is repeated soon. */
  async tell(report: WorkerReport): Promise<void> {
    this.own = report;
    if (!this.redis.isConfigured) return;
    try {
      await this.redis.shared().set(this.key, JSON.stringify(report), 'EX', LIFETIME_SECONDS);
    } catch (error) {
      this.logger.debug({ err: error }, 'What this worker can do was not reported; it will be again');
    }
  }

  /** Null: no worker has reported lately, or Redis cannot be asked. */
  async read(): Promise<WorkerReport | null> {
    if (this.own !== null || !this.redis.isConfigured) return this.own;
    try {
      const text = await this.redis.shared().get(this.key);
      // Only we write this key, so its text is a report.
      return text === null ? null : (JSON.parse(text) as WorkerReport);
    } catch (error) {
      this.logger.debug({ err: error }, 'What workers can do could not be read');
      return null;
    }
  }

  private get key(): string {
    return `${this.redis.prefix}:worker-report`;
  }
}
