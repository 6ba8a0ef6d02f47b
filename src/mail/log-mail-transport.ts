import { Logger } from '@nestjs/common';
import { MailTransport, type OutgoingMail, type SendOutcome } from './mail-transport.js';

/** Writes mails into the log, in full, for whoever develops: where there is no mail server, links can be had from there. */
export class LogMailTransport extends MailTransport {
  private readonly logger = new Logger('Mail');

  override whyAway(): Promise<null> {
    return Promise.resolve(null);
  }

  override send({ to, subject, text }: OutgoingMail): Promise<SendOutcome> {
    this.logger.log(`To: ${to}\nSubject: ${subject}\n\n${text}`);
    return Promise.resolve({ kind: 'sent' });
  }

  override close(): void {}
}
