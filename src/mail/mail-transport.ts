import type { MailAddress } from '../config/mail-settings.js';

/** A mail as it goes out. */
export interface OutgoingMail {
  /** The same at each try, so that whoever receives a mail twice can tell. */
  readonly id: string;
  readonly from: MailAddress;
  /** One address. */
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  readonly createdAt: Date;
}

/** What came of a try. `reason`: codes, without words of others. */
export type SendOutcome =
  /** Somebody else has taken the responsibility for it. */
  | { readonly kind: 'sent' }
  /** This mail was refused; others may not be. */
  | { readonly kind: 'refused'; readonly isFinal: boolean; readonly reason: string }
  /** The connection broke while this mail was being taken: nobody knows whether it was, and others must wait as well. */
  | { readonly kind: 'broken_off'; readonly reason: string };

/** Carries a mail out of this installation. */
export abstract class MailTransport {
  /** Whether somebody is there who would take mails: null, or codes that say why not. No mail is touched; does not reject. */
  abstract whyAway(): Promise<string | null>;

  /** Tries once. Does not reject for whatever the other side does. */
  abstract send(mail: OutgoingMail): Promise<SendOutcome>;

  /** Ends connections that are kept open. */
  abstract close(): void;
}
