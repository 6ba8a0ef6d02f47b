import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Environment } from '../config/env.js';
import { codeOf } from '../errors/error-code.js';

/**
 * The one door to Redis: makes and ends the connections of queue, events and health. Connecting never holds up the start:
 * a Redis that is away comes back by itself, and whoever needs it sees failing commands meanwhile.
 */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  private readonly logger = new Logger(RedisConnections.name);
  private readonly open = new Set<Redis>();
  private sharedConnection: Redis | undefined;
  private lastComplaint = 0;

  constructor(private readonly environment: Environment) {}

  /** False in the embedded mode, where everything stays in the process. */
  get isConfigured(): boolean {
    return this.environment.redisUrl !== null;
  }

  /** Put before every key and channel. */
  get prefix(): string {
    return this.environment.redisPrefix;
  }

  /** The connection for plain commands. Fails fast while Redis is away instead of piling commands up. */
  shared(): Redis {
    this.sharedConnection ??= this.create('commands', {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: true,
      commandTimeout: 3_000,
    });
    return this.sharedConnection;
  }

  /**
   * A connection of its own, for subscribing or blocking.
   *
   * @throws Error when no `REDIS_URL` is set.
   */
  create(purpose: string, options: RedisOptions = {}): Redis {
    const { redisUrl } = this.environment;
    if (redisUrl === null) throw new Error('No REDIS_URL is set: ask isConfigured first.');
    const connection = new Redis(redisUrl, {
      connectionName: `assay:${purpose}`,
      retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
      ...options,
    });
    // Without a listener an error event ends the process.
    connection.on('error', (error: Error) => this.complain(error));
    this.open.add(connection);
    connection.once('end', () => this.open.delete(connection));
    return connection;
  }

  onApplicationShutdown(): void {
    for (const connection of this.open) connection.disconnect();
  }

  private complain(error: Error): void {
    const now = performance.now();
    if (now - this.lastComplaint < 5_000) return;
    this.lastComplaint = now;
    this.logger.warn({ code: codeOf(error) }, 'Redis cannot be reached; trying again');
  }
}
