import { HTTP_LIMITS } from './http-limits.js';

/** A cookie as an answer sets it, attributes as they are written there. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string | null;
  /** `Max-Age`, in seconds. */
  readonly maxAge: number | null;
  /** `Expires`, in milliseconds since 1970. */
  readonly expiresAt: number | null;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: string | null;
}

/** Reads the value of a `Set-Cookie` header field as browsers do (RFC 6265, section 5.2); null when it sets no cookie. */
export function parseSetCookie(field: string): SetCookie | null {
  const [pair = '', ...attributes] = field.slice(0, HTTP_LIMITS.cookieCharacters * 2).split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, equals).trim();
  if (equals < 1 || name === '') return null;
  const named = new Map(
    attributes.map((attribute) => {
      const [key = '', ...value] = attribute.split('=');
      return [key.trim().toLowerCase(), value.join('=').trim()] as const;
    }),
  );
  const maxAge = named.get('max-age') ?? '';
  const expires = Date.parse(named.get('expires') ?? '');
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    path: named.get('path') ?? null,
    maxAge: /^-?\d{1,15}$/.test(maxAge) ? Number(maxAge) : null,
    expiresAt: Number.isNaN(expires) ? null : expires,
    httpOnly: named.has('httponly'),
    secure: named.has('secure'),
    sameSite: named.get('samesite') ?? null,
  };
}

/** Whether setting `cookie` takes it away. */
export function isExpired({ maxAge, expiresAt }: SetCookie, now: number): boolean {
  return maxAge === null ? expiresAt !== null && expiresAt <= now : maxAge <= 0;
}

interface Kept {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/**
 * The cookies of one client of one service. All of them go to that service: `Domain` says nothing where there is one host, and
 * `Secure` cookies are sent too, since the service would be behind TLS elsewhere.
 */
export class CookieJar {
  private kept: readonly Kept[] = [];

  /** @param requestPath path of the request that was answered so, without its query. */
  store(cookie: SetCookie, requestPath: string, now: number): void {
    const path = cookie.path?.startsWith('/') === true ? cookie.path : defaultPath(requestPath);
    const others = this.kept.filter((one) => one.name !== cookie.name || one.path !== path);
    if (isExpired(cookie, now) || cookie.value.length > HTTP_LIMITS.cookieCharacters) {
      this.kept = others;
      return;
    }
    // The oldest go, as in browsers.
    this.kept = [...others, { name: cookie.name, value: cookie.value, path }].slice(-HTTP_LIMITS.cookies);
  }

  /** The `Cookie` header field of a request for `path`; null when none belongs there. */
  headerFor(path: string): string | null {
    const sent = this.kept
      .filter((one) => isBelow(path, one.path))
      .toSorted((one, other) => other.path.length - one.path.length);
    return sent.length === 0 ? null : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function defaultPath(requestPath: string): string {
  const slash = requestPath.lastIndexOf('/');
  return slash <= 0 ? '/' : requestPath.slice(0, slash);
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
