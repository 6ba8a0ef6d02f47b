import type { AccessTokenVerifier } from './auth/access-token-verifier.js';
import type { Principal } from './auth/principal.js';
import { DomainError } from './errors/domain-error.js';
import { normaliseEmail } from './users/email-address.js';
import type { SessionsService } from './users/sessions.service.js';

/** The board's cookie lives as long as the access token in it. */
const COOKIE_NAME = 'assay_queue_board';
export const BOARD_PATH = '/admin/queues';

const MOST_FAILURES = 10;
const FAILURE_WINDOW_MS = 60_000;

/** What `Sec-Fetch-Site` says of the board's own page, and of programs. */
const OWN_SITES: ReadonlySet<unknown> = new Set([undefined, 'same-origin', 'none']);

/** The session ends before anyone could list it. */
const NO_CLIENT = { address: null, userAgent: null };
/** RFC 7617 allows none in names and passwords; PostgreSQL cannot even look for a NUL. */
const CONTROL = /\p{Cc}/u;

/** What of a request decides. */
export interface BoardRequest {
  readonly method: string;
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly cookie?: string | undefined;
    readonly 'sec-fetch-site'?: string | string[] | undefined;
  };
}

/** Who may go on; `cookie` is to be set on the answer, if there is one. */
export interface Admission {
  readonly principal: Principal;
  readonly cookie: string | null;
}

/**
 * Lets administrators onto the queue board. A browser cannot send a bearer token by itself, so it asks for e-mail and
 * password (HTTP Basic) once, and then has a cookie with a short-lived access token, which only this path gets
 * (`SameSite=Strict`, `HttpOnly`). Programs send a bearer token as everywhere.
 *
 * A browser repeats Basic credentials on requests that a foreign page makes it send; so they open reading only, and whatever
 * changes something needs the cookie, which foreign pages do not get sent, or a bearer token. To the cookie, pages of sibling domains are not foreign: where the
 * browser says who asks (`Sec-Fetch-Site`), it must be the board itself.
 */
export class QueueBoardAccess {
  private failures = 0;
  private windowEndsAt = 0;

  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: AccessTokenVerifier,
    private readonly isSecure: boolean,
  ) {}

  /** @throws DomainError `unauthenticated`, `forbidden` for who is no administrator, `limit_exceeded` after many failures. */
  async admit(request: BoardRequest): Promise<Admission> {
    const { authorization, cookie } = request.headers;
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading && !OWN_SITES.has(request.headers['sec-fetch-site'])) throw signInFirst();
    const bearer = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    const token = bearer ?? cookieValue(cookie ?? '');
    const known = token === null ? null : await this.tokens.verify(token);
    if (known !== null) return { principal: requireAdministrator(known), cookie: null };
    const credentials = basicCredentials(authorization ?? '');
    if (credentials === null || bearer !== undefined) throw signInFirst();
    if (!isReading) throw signInFirst();
    return this.signIn(credentials);
  }

  private async signIn(credentials: { readonly email: string; readonly password: string }): Promise<Admission> {
    const now = performance.now();
    if (now > this.windowEndsAt) {
      this.failures = 0;
      this.windowEndsAt = now + FAILURE_WINDOW_MS;
    }
    if (this.failures >= MOST_FAILURES) {
      throw new DomainError('limit_exceeded', 'rate_limited', 'Too many failed sign-ins to the board: wait a minute.', {
        retryAfterSeconds: Math.ceil((this.windowEndsAt - now) / 1_000),
      });
    }
    // Before the answer is known, so that attempts that are made at the same time count as well.
    this.failures += 1;
    const { accessToken, refreshToken } = await this.sessions.login(credentials, NO_CLIENT);
    this.failures -= 1;
    // The board lives on the access token alone: nothing is left that could be renewed.
    await this.sessions.logout(refreshToken);
    const principal = await this.tokens.verify(accessToken);
    if (principal === null) throw signInFirst();
    return { principal: requireAdministrator(principal), cookie: this.cookieFor(accessToken) };
  }

  private cookieFor(token: string): string {
    const attributes = [`Path=${BOARD_PATH}`, 'Max-Age=900', 'HttpOnly', 'SameSite=Strict'];
    return [`${COOKIE_NAME}=${token}`, ...attributes, ...(this.isSecure ? ['Secure'] : [])].join('; ');
  }
}

function requireAdministrator(principal: Principal): Principal {
  if (principal.role === 'admin') return principal;
  throw new DomainError('forbidden', 'forbidden', 'Only for administrators.');
}

function signInFirst(): DomainError {
  return new DomainError(
    'unauthenticated',
    'unauthenticated',
    "Sign in with an administrator's e-mail address and password.",
  );
}

/** The board's token in a `Cookie` header. */
function cookieValue(header: string): string | null {
  for (const pair of header.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE_NAME && value !== undefined) return value;
  }
  return null;
}

/** E-mail and password of a Basic `Authorization` header (RFC 7617), in UTF-8. */
function basicCredentials(header: string): { readonly email: string; readonly password: string } | null {
  const encoded = /^basic ([\w+/=-]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1 || colon > 254 || CONTROL.test(text)) return null;
  return { email: normaliseEmail(text.slice(0, colon)), password: text.slice(colon + 1) };
}
