import { isIP } from 'node:net';
import type { Reader } from './reader.js';

/** How many requests within a minute (`RATE_*`). */
export interface RateCeilings {
  /** Of one account, whatever they are for. */
  readonly account: number;
  /** Without valid credentials, from one address. */
  readonly address: number;
  /** To sign in or up, from one address. */
  readonly signIn: number;
  /** Of one account, for what costs the server much. */
  readonly costly: number;
}

/** Whose word about a client's address is taken: nobody's, that of so many proxies, or that of these addresses. */
export type TrustedProxies = false | number | readonly string[];

/** Read where they are off as well: a mistake shows before they are switched on. */
export function readRates(read: Reader): RateCeilings | null {
  const ceilings = {
    account: read.integer('RATE_ACCOUNT', 1_200, 1, 1_000_000),
    address: read.integer('RATE_ADDRESS', 3_000, 1, 1_000_000),
    signIn: read.integer('RATE_SIGN_IN', 900, 1, 1_000_000),
    costly: read.integer('RATE_COSTLY', 60, 1, 1_000_000),
  };
  return read.choice('RATE_LIMITS', ['on', 'off']) === 'on' ? ceilings : null;
}

const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** An address, a range of them such as 10.0.0.0/8, or the name of one. */
function isAddressRange(text: string): boolean {
  if (NAMED_RANGES.has(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

export function readTrustedProxies(read: Reader): TrustedProxies {
  const value = read.text('TRUST_PROXY');
  if (value === null || value === 'none') return false;
  if (/^\d+$/.test(value)) {
    const hops = Number(value);
    if (hops >= 1 && hops <= 10) return hops;
  } else {
    const ranges = listOf(value);
    if (ranges.length > 0 && ranges.every(isAddressRange)) return ranges;
  }
  read.fault(
    'TRUST_PROXY',
    'must be the number of proxies before the API (1 to 10), or their addresses with commas between them, for example TRUST_PROXY=1 or TRUST_PROXY=loopback,10.0.0.0/8.',
  );
  return false;
}

function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

export function readOrigins(read: Reader): readonly string[] {
  const origins = listOf(read.text('CORS_ORIGINS') ?? '');
  if (origins.every(isOrigin)) return origins;
  // A star would let any page use the browser of whoever is inside the school's network.
  read.fault(
    'CORS_ORIGINS',
    'must be origins with commas between them, each with its scheme and without a path, for example CORS_ORIGINS=https://lms.example.org.',
  );
  return [];
}

function listOf(value: string): readonly string[] {
  return value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
