import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Environment } from '../config/env.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { paragraphs } from '../mail/mail-text.js';
import { DomainError } from '../errors/domain-error.js';

const HOUR_MS = 3_600_000;
/** Mails of a kind to one address within an hour: enough for whoever lost one, too few to annoy anybody. */
const MOST_AN_HOUR = 3;

const NOT_YOU = 'If you did not ask for this, you need not do anything: without this link nothing happens.';

/**
 * What accounts are told by mail. The text names no person: whoever registers with somebody else's address could otherwise have
 * theirs sent to them.
 */
@Injectable()
export class AccountMails {
  constructor(
    private readonly environment: Environment,
    private readonly outbox: MailOutbox,
  ) {}

  /** @throws DomainError `unavailable` (`mail_not_set_up`) */
  requireMail(): void {
    this.outbox.requireMail();
  }

  mayMail(manager: EntityManager, kind: string, to: string): Promise<boolean> {
    return this.outbox.maySend(manager, { kind, to, most: MOST_AN_HOUR, withinMs: HOUR_MS });
  }

  /** @throws DomainError `limit_exceeded` (`mailed_recently`) */
  async requireMayMail(manager: EntityManager, kind: string, to: string): Promise<void> {
    if (await this.mayMail(manager, kind, to)) return;
    throw new DomainError(
      'limit_exceeded',
      'mailed_recently',
      'This address was sent several mails lately: look for them, or try again in an hour.',
      { retryAfterSeconds: HOUR_MS / 1_000 },
    );
  }

  async passwordReset(manager: EntityManager, to: string, token: string, lifetimeMs: number): Promise<void> {
    await this.outbox.add(manager, {
      kind: 'password_reset',
      to,
      subject: 'Choose a new password',
      text: paragraphs(
        `Somebody, hopefully you, wants to choose a new password for the account of ${to} at ${this.environment.publicUrl}.`,
        [`Within ${minutes(lifetimeMs)}, open:`, this.link('reset-password', token)],
        NOT_YOU,
      ),
      usefulForMs: lifetimeMs,
    });
  }

  async emailVerification(manager: EntityManager, to: string, token: string, lifetimeMs: number): Promise<void> {
    await this.outbox.add(manager, {
      kind: 'email_verification',
      to,
      subject: 'Confirm your e-mail address',
      text: paragraphs(
        `There is an account with this address at ${this.environment.publicUrl}. Please confirm that it is yours.`,
        [`Within ${minutes(lifetimeMs)}, open:`, this.link('verify-email', token)],
        'If you have no account there, you need not do anything.',
      ),
      usefulForMs: lifetimeMs,
    });
  }

  /** To the new address for confirmation, and to the present one as news. */
  async emailChange(
    manager: EntityManager,
    addresses: { readonly from: string; readonly to: string },
    token: string,
    lifetimeMs: number,
  ): Promise<void> {
    const { from, to } = addresses;
    await this.outbox.add(manager, {
      kind: 'email_change',
      to,
      subject: 'Confirm your new e-mail address',
      text: paragraphs(
        `An account at ${this.environment.publicUrl} is to have this e-mail address.`,
        [`Within ${minutes(lifetimeMs)}, open:`, this.link('confirm-email', token)],
        NOT_YOU,
      ),
      usefulForMs: lifetimeMs,
    });
    await this.news(
      manager,
      from,
      'Your e-mail address is about to change',
      `Somebody who knows your password asked that your account at ${this.environment.publicUrl} gets another e-mail address.`,
    );
  }

  /** Tells the owner what happened to their account. */
  async news(manager: EntityManager, to: string, subject: string, what: string): Promise<void> {
    await this.outbox.add(manager, {
      kind: 'account_news',
      to,
      subject,
      text: paragraphs(
        what,
        'If it was not you, choose a new password at once, and look through your sessions and personal access tokens.',
      ),
    });
  }

  private link(page: string, token: string): string {
    return `${this.environment.publicUrl}/api/v1/account/${page}?token=${token}`;
  }
}

function minutes(ms: number): string {
  const count = Math.round(ms / 60_000);
  return count < 120 ? `${count} minutes` : `${Math.round(count / 60)} hours`;
}
