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
      return text === null ? null : parseReport(text);
    } catch (error) {
      this.logger.debug({ err: error }, 'What workers can do could not be read');
      return null;
    }
  }

  private get key(): string {
    return `${this.redis.prefix}:worker-report`;
  }
}

/** A worker of another version may tell something else: then it is as if it had told nothing. */
function parseReport(text: string): WorkerReport | null {
  const value: unknown = JSON.parse(text);
  return isReport(value) ? value : null;
}

function isReport(value: unknown): value is WorkerReport {
  if (typeof value !== 'object' || value === null || !('runtimes' in value) || !('sandbox' in value)) return false;
  const { runtimes, sandbox } = value;
  return (
    Array.isArray(runtimes) && runtimes.every(isRuntime) && isObject(sandbox) && typeof sandbox['driver'] === 'string'
  );
}

function isRuntime(value: unknown): value is ReportedRuntime {
  return isObject(value) && typeof value['key'] === 'string' && typeof value['available'] === 'boolean';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
