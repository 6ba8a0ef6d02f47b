/** A mail server, as `SMTP_URL` names it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`); otherwise STARTTLS where the server offers it. */
  readonly secure: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** Where mails go: to a server, into the log for whoever develops, or nowhere. */
export type MailWay =
  { readonly kind: 'smtp'; readonly server: MailServer } | { readonly kind: 'log' } | { readonly kind: 'off' };

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

export interface MailSettings {
  readonly mail: MailWay;
  readonly mailFrom: MailAddress;
}

/** What is needed of whoever reads the variables. */
interface Variables {
  text(name: string): string | null;
  fault(variable: string, message: string): void;
}

const SMTP_EXAMPLE = 'SMTP_URL=smtps://user:password@mail.example.org:465';
const FROM_EXAMPLE = 'MAIL_FROM="Assay <assay@example.org>"';
const NOBODY: MailAddress = { name: 'Assay', address: 'assay@localhost' };
const ADDRESS = /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/u;
const CONTROL = /\p{Cc}/u;

/** `SMTP_URL` and `MAIL_FROM`. */
export function readMailSettings(read: Variables, production: boolean): MailSettings {
  const mail = readWay(read, production);
  const text = read.text('MAIL_FROM');
  if (text === null) {
    if (mail.kind === 'smtp') read.fault('MAIL_FROM', `is missing: SMTP_URL needs it, for example ${FROM_EXAMPLE}.`);
    return { mail, mailFrom: NOBODY };
  }
  const mailFrom = addressOf(text);
  if (mailFrom === null) read.fault('MAIL_FROM', `must be one e-mail address, for example ${FROM_EXAMPLE}.`);
  return { mail, mailFrom: mailFrom ?? NOBODY };
}

function readWay(read: Variables, production: boolean): MailWay {
  const text = read.text('SMTP_URL');
  // What mails hold opens accounts: a production log gets it only where somebody says so.
  if (text === null) return { kind: production ? 'off' : 'log' };
  if (text === 'log:') return { kind: 'log' };
  const server = serverOf(text);
  if (server !== null) return { kind: 'smtp', server };
  read.fault('SMTP_URL', `must be a URL starting with smtp:// or smtps://, or log:, for example ${SMTP_EXAMPLE}.`);
  return { kind: 'off' };
}

function serverOf(text: string): MailServer | null {
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text)) return null;
  const { protocol, hostname, port, username, password, pathname, search } = new URL(text);
  // Options in the query of other programs: none of them is known here, and none must be ignored in silence.
  if (hostname === '' || search !== '' || !['', '/'].includes(pathname)) return null;
  const secure = protocol === 'smtps:';
  try {
    return {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      credentials:
        username === '' ? null : { user: decodeURIComponent(username), password: decodeURIComponent(password) },
    };
  } catch {
    // A "%" that encodes nothing.
    return null;
  }
}

function addressOf(text: string): MailAddress | null {
  const [, name, inBrackets] = /^([^<>]*?)\s*<([^<>]*)>$/.exec(text) ?? [];
  const address = inBrackets ?? text;
  if (CONTROL.test(text) || !ADDRESS.test(address)) return null;
  return { name: (name ?? '').replace(/^"(.*)"$/, '$1'), address };
}
