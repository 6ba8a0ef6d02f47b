import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.js';

const MOST_WAITING = 1_000;
/** Longer than an answer takes, and never the same: nothing about it can be told from when others are answered. */
const PAUSE_MS = [50, 250] as const;

/**
 * Work that is done once the caller has been answered, so that neither the answer nor its time tells what there was to do. One
 * piece at a time. What waits when the process is killed is not done: only for what people ask for again.
 */
@Injectable()
export class AfterAnswer implements OnApplicationShutdown {
  private readonly logger = new Logger(AfterAnswer.name);
  private waiting = 0;
  private last: Promise<void> = Promise.resolve();
  private readonly hurry = new AbortController();

  /** Returns at once. @throws DomainError `unavailable` (`busy`) when too much waits, whatever it is about */
  do(work: () => Promise<void>): void {
    if (this.waiting >= MOST_WAITING) {
      throw new DomainError('unavailable', 'busy', 'Too many ask for this at once just now. Try again in a moment.', {
        retryAfterSeconds: 30,
      });
    }
    this.waiting += 1;
    this.last = this.last
      .then(() => pause(randomInt(...PAUSE_MS), undefined, { signal: this.hurry.signal }).catch(() => undefined))
      .then(work)
      .catch((error: unknown) => this.logger.error({ err: error }, 'Something that was promised could not be done'))
      .finally(() => {
        this.waiting -= 1;
      });
  }

  async onApplicationShutdown(): Promise<void> {
    this.hurry.abort();
    await this.last;
  }
}
