import { createTransport } from 'nodemailer';
import type { MailServer } from '../config/mail-settings.js';
import { codeOf, propertyOf } from '../errors/error-code.js';
import { MailTransport, type OutgoingMail, type SendOutcome } from './mail-transport.js';

const CONNECT_MS = 10_000;
/** After the last byte of a mail servers may take their time; whoever hangs up too early sends it twice. */
const SILENCE_MS = 5 * 60_000;

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;
/** "Service not available, closing transmission channel" (RFC 5321, section 4.2.3). */
const CLOSING = 421;
const MOST_REASON = 60;

/** Hands mails to an SMTP server, over two connections that stay open for a while. */
export class SmtpMailTransport extends MailTransport {
  private readonly transport: ReturnType<typeof createPool>;

  constructor(server: MailServer) {
    super();
    this.transport = createPool(server);
  }

  /** Connects and signs in. Only so can a server that is away be told from one that breaks off at a certain mail. */
  override async whyAway(): Promise<string | null> {
    try {
      await this.transport.verify();
      return null;
    } catch (error) {
      return codesOf(error);
    }
  }

  override async send(mail: OutgoingMail): Promise<SendOutcome> {
    try {
      await this.transport.sendMail({
        from: { ...mail.from },
        to: { name: '', address: mail.to },
        // What the address means is decided here, and not by whoever takes headers apart.
        envelope: { from: mail.from.address, to: [mail.to] },
        subject: mail.subject,
        text: mail.text,
        date: mail.createdAt,
        messageId: `<${mail.id}@${mail.from.address.split('@').at(-1)}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { kind: 'sent' };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  override close(): void {
    this.transport.close();
  }
}

function createPool({ host, port, secure, credentials }: MailServer) {
  return createTransport({
    pool: true,
    maxConnections: 2,
    host,
    port,
    secure,
    // A password goes over the network encrypted, or not at all.
    requireTLS: !secure && credentials !== null && !LOOPBACK.test(host),
    ...(credentials === null ? {} : { auth: { user: credentials.user, pass: credentials.password } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  });
}

/** What an error of nodemailer tells of the mail, and of the server. */
export function outcomeOf(error: unknown): SendOutcome {
  const status = propertyOf(error, 'responseCode');
  const reason = codesOf(error);
  if (typeof status !== 'number') {
    // Addresses that cannot be sent to, by nodemailer's own rules, come without an answer of the server.
    return codeOf(error) === 'EENVELOPE' ? { kind: 'refused', isFinal: true, reason } : { kind: 'broken_off', reason };
  }
  if (status === CLOSING || codeOf(error) === 'EAUTH') return { kind: 'broken_off', reason };
  return { kind: 'refused', isFinal: status >= 500, reason };
}

function codesOf(error: unknown): string {
  const status = propertyOf(error, 'responseCode');
  const code = codeOf(error) ?? 'unknown';
  return (typeof status === 'number' ? `${code} ${status}` : code).slice(0, MOST_REASON);
}
