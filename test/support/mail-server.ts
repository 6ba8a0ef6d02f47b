import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { callbackify } from 'node:util';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  /** From the envelope. */
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  /** As it came. */
  readonly raw: string;
}

/** What the server says to a mail, instead of taking it. */
type Verdict = { readonly code: number } | null;

/** A real SMTP server on the loopback that keeps what it takes. Stopped and started again, it has the same port. */
export class TestMailServer {
  readonly mails: ReceivedMail[] = [];
  connections = 0;
  /** Asked for each recipient. */
  refuse: (address: string) => Verdict = () => null;
  /** Called when a mail is kept and before the client hears of it. */
  beforeAnswer: (mail: ReceivedMail) => Promise<void> = () => Promise.resolve();
  private server: SMTPServer | undefined;
  private port = 0;

  static async start(): Promise<TestMailServer> {
    const server = new TestMailServer();
    await server.start();
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 10,
      disableReverseLookup: true,
      onConnect: (_session, done) => {
        this.connections += 1;
        done();
      },
      onRcptTo: ({ address }, _session, done) => {
        const verdict = this.refuse(address);
        done(verdict === null ? null : Object.assign(new Error('Not this one.'), { responseCode: verdict.code }));
      },
      onData: (stream, session, done) => {
        const reply = callbackify(() => this.take(stream, session.envelope));
        reply((error) => done(error));
      },
    });
    // A client that is killed resets its connection.
    server.on('error', () => undefined);
    const listener = server.listen(this.port, '127.0.0.1');
    if (!listener.listening) await once(listener, 'listening');
    const address = listener.address();
    if (typeof address !== 'object' || address === null) throw new Error('The mail server has no port.');
    this.port = address.port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  to(address: string): readonly ReceivedMail[] {
    return this.mails.filter((mail) => mail.to.includes(address));
  }

  private async take(
    stream: Readable,
    {
      mailFrom,
      rcptTo,
    }: {
      readonly mailFrom: false | { readonly address: string };
      readonly rcptTo: readonly { readonly address: string }[];
    },
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
    const raw = Buffer.concat(chunks).toString('utf8');
    const mail = {
      ...parsed(raw),
      to: rcptTo.map(({ address }) => address),
      from: mailFrom === false ? '' : mailFrom.address,
      raw,
    };
    this.mails.push(mail);
    await this.beforeAnswer(mail);
  }
}

function parsed(raw: string): Pick<ReceivedMail, 'subject' | 'messageId' | 'text'> {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, end).replaceAll(/\r\n[ \t]+/g, ' ');
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  const body = raw.slice(end + 4).replaceAll('\r\n', '\n');
  const encoding = header('Content-Transfer-Encoding').toLowerCase();
  const text =
    encoding === 'quoted-printable'
      ? fromQuotedPrintable(body)
      : encoding === 'base64'
        ? Buffer.from(body, 'base64').toString('utf8')
        : body;
  return { subject: header('Subject'), messageId: header('Message-ID'), text };
}

function fromQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
