import { Injectable } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthIndicatorResult,
  TypeOrmHealthIndicator,
} from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { pendingMigrations } from '../database/migrator.js';
import { Readiness, type ReadinessCheck } from '../monitoring/readiness.js';
import { RedisConnections } from '../redis/redis-connections.js';

/** No check may take longer: whoever asks has a time-out of their own. */
const CHECK_TIMEOUT_MS = 1_500;

/** One line of the report. */
export interface ReportedCheck {
  readonly name: string;
  readonly isUp: boolean;
  /** False: the process is ready all the same. */
  readonly isEssential: boolean;
  readonly detail: string;
  /** Single words that name what is wrong, for anyone to read. */
  readonly failing?: readonly string[];
}

export interface ReadinessState {
  readonly isReady: boolean;
  readonly checks: readonly ReportedCheck[];
}

/** Looks at everything that this process needs. */
@Injectable()
export class ReadinessReport {
  private isSchemaKnownToBeCurrent = false;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly dataSource: DataSource,
    private readonly redis: RedisConnections,
    private readonly readiness: Readiness,
  ) {}

  async read(): Promise<ReadinessState> {
    const checks = [this.databaseCheck(), this.schemaCheck(), ...this.redisChecks(), ...this.readiness.list()];
    const reported: ReportedCheck[] = [];
    const isReady = await this.health
      .check(checks.map((check) => async () => this.run(check, reported)))
      .then(() => true)
      // Terminus throws for any that is down; what is down is in the list.
      .catch(() => false);
    return { isReady, checks: checks.flatMap(({ name }) => reported.find((one) => one.name === name) ?? []) };
  }

  private async run(check: ReadinessCheck, reported: ReportedCheck[]): Promise<HealthIndicatorResult> {
    const { name, isEssential } = check;
    const result = await withTimeout(check.check()).catch(() => ({ isUp: false, detail: `${name} does not answer.` }));
    reported.push({ name, isEssential, ...result });
    const indicator = this.indicators.check(name);
    return result.isUp || !isEssential ? indicator.up() : indicator.down();
  }

  private databaseCheck(): ReadinessCheck {
    return {
      name: 'database',
      isEssential: true,
      check: async () => {
        const { database } = await this.database.pingCheck('database').withTimeout(CHECK_TIMEOUT_MS);
        const isUp = database?.status === 'up';
        return { isUp, detail: isUp ? 'The database answers.' : 'The database does not answer.' };
      },
    };
  }

  private schemaCheck(): ReadinessCheck {
    return {
      name: 'schema',
      isEssential: true,
      check: async () => {
        // It only ever goes forward while we run.
        this.isSchemaKnownToBeCurrent ||= (await pendingMigrations(this.dataSource)).length === 0;
        return this.isSchemaKnownToBeCurrent
          ? { isUp: true, detail: 'The schema is up to date.' }
          : { isUp: false, detail: 'The schema is not up to date: run "npm run migrate".' };
      },
    };
  }

  /** Submissions are accepted without Redis, so it is told and not asked for. */
  private redisChecks(): readonly ReadinessCheck[] {
    if (!this.redis.isConfigured) return [];
    return [
      {
        name: 'redis',
        isEssential: false,
        check: async () => {
          await this.redis.shared().ping();
          return { isUp: true, detail: 'Redis answers.' };
        },
      },
    ];
  }
}

async function withTimeout<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The check took too long.')), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
