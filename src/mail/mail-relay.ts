import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { DataSource, IsNull, LessThanOrEqual, Not } from 'typeorm';
import { SecretBox } from '../auth/secret-box.js';
import { Environment } from '../config/env.js';
import { databaseNow } from '../database/database-clock.js';
import { Transactions } from '../database/transactions.js';
import { type CheckResult, Readiness } from '../monitoring/readiness.js';
import { parseContent, placeOf } from './mail-content.js';
import { LEASE_MS, MailHandover } from './mail-handover.js';
import { MailTransport } from './mail-transport.js';
import { Mail } from './mail.entity.js';

/** Mails of one look, and how many of them are under way at a time. */
const BATCH = 20;
const LANES = 2;

/** Pauses while the mail server is away: whoever comes back is not kept waiting for long, and not rushed. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

const FORGET_EVERY_MS = 3_600_000;

/**
 * Sends what is in the outbox, a few mails at a time, and marks what was sent. A server that is away costs one connection now
 * and then, and no mail a try. Several processes share the work; whoever dies between sending and marking has sent one or two
 * mails that are sent again half a minute later, under the same message id.
 */
@Injectable()
export class MailRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MailRelay.name);
  private readonly handover: MailHandover;
  private readonly outcomes: Counter<'outcome'>;
  private timer: NodeJS.Timeout | undefined;
  private forgetting: NodeJS.Timeout | undefined;
  private underWay: Promise<void> = Promise.resolve();
  private isStopped = false;
  private pauseMs = 0;
  /** Why nothing can be sent; null while it can. */
  private awayFor: string | null = null;

  constructor(
    private readonly environment: Environment,
    transactions: Transactions,
    private readonly dataSource: DataSource,
    private readonly transport: MailTransport,
    private readonly box: SecretBox,
    private readonly readiness: Readiness,
    registry: Registry,
  ) {
    this.handover = new MailHandover(transactions);
    const waiting: Gauge = new Gauge({
      name: 'assay_mails_waiting',
      help: 'Mails that are neither sent nor given up',
      registers: [registry],
      collect: async () => {
        const count = this.dataSource.manager.countBy(Mail, { dueAt: Not(IsNull()) });
        waiting.set(await count.catch(() => Number.NaN));
      },
    });
    this.outcomes = new Counter({
      name: 'assay_mails_total',
      help: 'What became of mails: sent, refused for now, given up, or sent twice for all that is known',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of ['sent', 'refused', 'given_up', 'stale']) this.outcomes.inc({ outcome }, 0);
  }

  onApplicationBootstrap(): void {
    const { mail, production } = this.environment;
    if (mail.kind === 'off') {
      this.logger.warn('No mails are sent: SMTP_URL is not set. Nobody can reset a password or be invited.');
      return;
    }
    if (mail.kind === 'log' && production) {
      this.logger.warn('SMTP_URL is "log:": mails are written to this log in full, with links that open accounts.');
    }
    this.readiness.add({ name: 'mail', isEssential: false, check: () => Promise.resolve(this.check()) });
    this.forgetting = setInterval(() => {
      this.handover.sweep().catch((error: unknown) => this.logger.warn({ err: error }, 'Old mails could not be swept'));
    }, FORGET_EVERY_MS).unref();
    this.tick();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    clearInterval(this.forgetting);
    await this.underWay;
    this.transport.close();
  }

  /** Sends what is due; returns how many were sent. Rejects only where the database cannot be used. */
  async sweep(): Promise<number> {
    let count = 0;
    while (!this.isStopped && (await this.isAnyDue())) {
      const reason = await this.transport.whyAway();
      this.note(reason);
      if (reason !== null) break;
      const { taken, givenUp } = await this.handover.take(BATCH);
      for (const mail of givenUp) this.reportGivenUp(mail, mail.lastError ?? 'too late');
      count += await this.sendAll(taken);
      if (this.awayFor !== null) break;
    }
    return count;
  }

  private tick(): void {
    this.underWay = this.sweep()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'The outbox of mails cannot be read now'))
      .then(() => {
        if (!this.isStopped) {
          this.timer = setTimeout(() => this.tick(), Math.max(this.environment.outboxSweepMs, this.pauseMs));
        }
        return undefined;
      });
  }

  private async isAnyDue(): Promise<boolean> {
    const { manager } = this.dataSource;
    return manager.existsBy(Mail, { dueAt: LessThanOrEqual(await databaseNow(manager)) });
  }

  private async sendAll(taken: readonly Mail[]): Promise<number> {
    const line = [...taken];
    const open = new Set<Mail>(taken);
    const renewal = setInterval(() => {
      // Where it fails, the next time is soon enough: a lease outlasts two.
      this.handover.renew([...open]).catch(() => undefined);
    }, LEASE_MS / 3);
    let count = 0;
    const lane = async (): Promise<void> => {
      for (let mail = line.shift(); mail !== undefined; mail = line.shift()) {
        if (await this.send(mail)) count += 1;
        open.delete(mail);
        if (this.awayFor !== null || this.isStopped) return;
      }
    };
    try {
      await Promise.all(Array.from({ length: LANES }, lane));
    } finally {
      clearInterval(renewal);
    }
    await this.handover.giveBack(line);
    return count;
  }

  private async send(mail: Mail): Promise<boolean> {
    const content = parseContent(this.box.open(placeOf(mail.id), mail.content ?? ''));
    if (content === null) {
      await this.fail(mail, 'its key is gone', true);
      return false;
    }
    const { id, recipient, createdAt } = mail;
    const outcome = await this.transport.send({
      id,
      from: this.environment.mailFrom,
      to: recipient,
      createdAt,
      ...content,
    });
    if (outcome.kind !== 'sent') {
      if (outcome.kind === 'broken_off') this.note(outcome.reason);
      await this.fail(mail, outcome.reason, outcome.kind === 'refused' && outcome.isFinal);
      return false;
    }
    const isMarked = await this.handover.sent(mail);
    this.outcomes.inc({ outcome: isMarked ? 'sent' : 'stale' });
    if (!isMarked) this.logger.warn({ mailId: id }, 'A mail was taken by another process while it was being sent');
    return true;
  }

  private async fail(mail: Mail, reason: string, isFinal: boolean): Promise<void> {
    const isGivenUp = await this.handover.failed(mail, reason, isFinal);
    if (isGivenUp) this.reportGivenUp(mail, reason);
    else this.outcomes.inc({ outcome: 'refused' });
  }

  private reportGivenUp({ id, kind, failures }: Mail, reason: string): void {
    this.outcomes.inc({ outcome: 'given_up' });
    this.logger.warn({ mailId: id, kind, failures, reason }, 'A mail was given up');
  }

  /** Once for an outage, not once for each try. */
  private note(reason: string | null): void {
    if (reason !== null) {
      this.pauseMs = this.pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
      if (this.awayFor === null) {
        this.logger.warn({ reason }, 'The mail server takes no mails now; they stay in the outbox');
      }
    } else {
      if (this.awayFor !== null) this.logger.log('The mail server takes mails again');
      this.pauseMs = 0;
    }
    this.awayFor = reason;
  }

  private check(): CheckResult {
    return this.awayFor === null
      ? { isUp: true, detail: 'Mails are sent, or nobody has tried yet.' }
      : { isUp: false, detail: `The mail server takes no mails (${this.awayFor}): they wait in the outbox.` };
  }
}
