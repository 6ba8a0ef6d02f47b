import { IsNull, LessThan, LessThanOrEqual } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { freeRowLock } from '../database/row-lock.js';
import type { Transactions } from '../database/transactions.js';
import { Mail } from './mail.entity.js';

/** How long a mail is left to whoever took it, if nothing is heard of them. */
export const LEASE_MS = 30_000;

/** Tries of a mail that is refused each time, over four hours; … */
const MOST_FAILURES = 10;
/** … and of one that is refused for good: servers have been known to change their mind. */
const MOST_FINAL_FAILURES = 3;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;

const KEPT_MS = 7 * 24 * 3_600_000;
const SWEEP_BATCH = 1_000;

/** How long to leave a mail alone after so many failures, in milliseconds. */
export function pauseAfterFailures(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
}

/**
 * Decides who sends which mail, by a lease and a fencing token: of two who think that a mail is theirs, the later one decides
 * what became of it. Each method is one short transaction.
 */
export class MailHandover {
  constructor(private readonly transactions: Transactions) {}

  /** Takes mails that are due, at most `most`, and gives up those that nobody needs any more, or that failed too often. */
  take(most: number): Promise<{ readonly taken: readonly Mail[]; readonly givenUp: readonly Mail[] }> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const due = await manager.find(Mail, {
        where: { dueAt: LessThanOrEqual(now) },
        order: { dueAt: 'ASC' },
        take: most,
        ...freeRowLock(manager),
      });
      const taken: Mail[] = [];
      const givenUp: Mail[] = [];
      for (const mail of due) {
        const { id, claims, failures, uselessAt } = mail;
        if (failures >= MOST_FAILURES || (uselessAt !== null && uselessAt <= now)) {
          await manager.update(Mail, { id, claims }, { dueAt: null, givenUpAt: now, content: null });
          givenUp.push(mail);
          continue;
        }
        // Counted at once: a mail that takes the process with it has failed as well.
        const claim = { claims: claims + 1, failures: failures + 1, dueAt: new Date(now.getTime() + LEASE_MS) };
        await manager.update(Mail, { id, claims }, claim);
        taken.push(Object.assign(mail, claim));
      }
      return { taken, givenUp };
    });
  }

  /** Somebody is still at it. */
  async renew(mails: readonly Mail[]): Promise<void> {
    await this.transactions.run(async (manager) => {
      const dueAt = new Date((await databaseNow(manager)).getTime() + LEASE_MS);
      for (const { id, claims } of mails) await manager.update(Mail, { id, claims, sentAt: IsNull() }, { dueAt });
    });
  }

  /** @returns false when somebody else has taken it meanwhile, and so has sent it, or will: a second time */
  sent({ id, claims }: Mail): Promise<boolean> {
    return this.transactions.run(async (manager) => {
      const changes = { sentAt: await databaseNow(manager), dueAt: null, content: null, lastError: null };
      return (await manager.update(Mail, { id, claims }, changes)).affected === 1;
    });
  }

  /** @returns whether it was given up */
  failed({ id, claims, failures }: Mail, reason: string, isFinal: boolean): Promise<boolean> {
    return this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const isGivenUp = failures >= (isFinal ? MOST_FINAL_FAILURES : MOST_FAILURES);
      const changes = isGivenUp
        ? { dueAt: null, givenUpAt: now, content: null }
        : { dueAt: new Date(now.getTime() + pauseAfterFailures(failures)) };
      await manager.update(Mail, { id, claims }, { ...changes, lastError: reason });
      return isGivenUp;
    });
  }

  /** They were not tried: they are due again at once, and it was no failure of theirs. */
  async giveBack(mails: readonly Mail[]): Promise<void> {
    if (mails.length === 0) return;
    await this.transactions.run(async (manager) => {
      const dueAt = await databaseNow(manager);
      for (const { id, claims, failures } of mails) {
        await manager.update(Mail, { id, claims }, { dueAt, failures: failures - 1 });
      }
    });
  }

  /** Forgets to whom mails went that are over for a week. Called now and then. */
  async sweep(): Promise<void> {
    await this.transactions.run(async (manager) => {
      const now = await databaseNow(manager);
      const old = await manager.find(Mail, {
        select: { id: true },
        where: { dueAt: IsNull(), createdAt: LessThan(new Date(now.getTime() - KEPT_MS)) },
        take: SWEEP_BATCH,
      });
      const ids = old.map(({ id }) => id);
      if (ids.length > 0) await manager.delete(Mail, ids);
    });
  }
}
