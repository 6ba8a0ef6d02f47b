import type { Principal } from './principal.js';

/** Begins every personal access token, so that people and scanners for secrets know one when they see it. */
export const PERSONAL_TOKEN_PREFIX = 'assay_pat_';

/** What `auth` must know of personal access tokens, which live in a feature above it. */
export abstract class PersonalTokens {
  /**
   * Whom the token stands for, with its scopes; null when it is unknown, has ended, or its owner may not act any more. An
   * answer may be up to one second old.
   */
  abstract find(token: string): Promise<Principal | null>;
}
