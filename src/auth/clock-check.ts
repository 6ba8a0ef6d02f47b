import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { type CheckResult, Readiness } from '../monitoring/readiness.js';

/** How far a process's clock may be from the database's: access tokens end by the former. */
const MOST_SKEW_MS = 30_000;

/**
 * Keeps requests away from a process whose clock is wrong: it would take access tokens that have ended, or refuse good ones.
 * Deadlines are not concerned; they go by the database's clock.
 */
@Injectable()
export class ClockCheck implements OnApplicationBootstrap {
  constructor(
    private readonly readiness: Readiness,
    private readonly dataSource: DataSource,
  ) {}

  onApplicationBootstrap(): void {
    this.readiness.add({ name: 'clock', isEssential: true, check: () => this.check() });
  }

  /**
   * @param own tells this process's clock
   * @throws Error when the database does not tell its time
   */
  async check(own: () => Date = () => new Date()): Promise<CheckResult> {
    const before = own().getTime();
    const theirs = (await databaseNow(this.dataSource.manager)).getTime();
    const after = own().getTime();
    // The database answered at some moment in between: a slow answer is no wrong clock.
    const skewMs = Math.max(before - theirs, theirs - after, 0);
    return skewMs <= MOST_SKEW_MS
      ? { isUp: true, detail: "The clock agrees with the database's." }
      : {
          isUp: false,
          detail: `The clock is ${Math.round(skewMs / 1_000)} s off the database's: set both by NTP. Access tokens end by it.`,
        };
  }
}
