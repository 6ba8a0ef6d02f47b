import type { Principal } from './principal.js';

/** What an access token is checked against at each request. */
export interface AccountState {
  readonly role: Principal['role'];
  /** Tokens that name another version are no longer valid. */
  readonly tokenVersion: number;
  /** Until they have confirmed their e-mail address, they may look after their account and do nothing else. */
  readonly mustVerifyEmail?: true;
}

/**
 * What `auth` must know of an account, which lives in a feature above it. An answer may be up to one second old, so that a
 * busy client costs one statement per second and not one per request.
 */
export abstract class AccountStatus {
  /** Null when the account does not exist or is disabled: nobody may act for it. */
  abstract find(userId: string): Promise<AccountState | null>;
}
