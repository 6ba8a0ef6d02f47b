import type { TokenScope } from './token-scopes.js';

/** Who asks, as their access token says and as was checked when the request came in. */
export interface Principal {
  readonly userId: string;
  readonly role: 'admin' | 'instructor' | 'student';
  /** The sign-in that the access token follows from; absent where a personal access token was sent. */
  readonly sessionId?: string;
  /** What a personal access token is for; absent where somebody has signed in, who may do all that their role may. */
  readonly scopes?: readonly TokenScope[];
  /** They have to confirm their e-mail address before they may do more than that. */
  readonly mustVerifyEmail?: true;
}
