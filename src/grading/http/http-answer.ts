import type { SetCookie } from './cookies.js';

/** An answer of the service, whole and within `HTTP_LIMITS`. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; what was sent more than once is joined by ", ", except for `set-cookie`, which is in `cookies`. */
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: readonly SetCookie[];
  readonly body: Uint8Array;
  readonly ms: number;
}

/** Why there is no answer, as what the service did: the end of a sentence about it. */
export interface NoAnswer {
  /** `late`: the time for it ran out. `broken`: what came, if anything, is no answer that is taken. */
  readonly kind: 'late' | 'broken';
  readonly why: string;
  readonly ms: number;
}
