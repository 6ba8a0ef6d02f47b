import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** What every authenticator program makes when it is told nothing else (RFC 6238). */
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Steps before and after the present one: clocks of telephones differ. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** 120 bits each: as many as nobody guesses, so that a plain hash keeps them. */
const RECOVERY_BYTES = 15;
const TIME_CODE = /^\d{6}$/;

/** A new secret, in base 32. */
export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The address that authenticator programs read, from a picture or typed. */
export function uriOf(secret: string, email: string): string {
  return new TOTP({ ...SETTINGS, issuer: 'Assay', label: email, secret: Secret.fromBase32(secret) }).toString();
}

/** Without the blanks and dashes that people see; recovery codes in small letters. */
export function plainCode(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toLowerCase();
}

export function isTimeCode(code: string): boolean {
  return TIME_CODE.test(code);
}

/** The time step whose code this is, if it is near the present one and behind the last that was used; null otherwise. */
export function stepOf(secret: string, code: string, now: Date, lastStep: number): number | null {
  const totp = new TOTP({ ...SETTINGS, secret: Secret.fromBase32(secret) });
  const timestamp = now.getTime();
  const delta = totp.validate({ token: code, timestamp, window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(timestamp / 1_000 / SETTINGS.period) + delta;
  return step > lastStep ? step : null;
}

/** Codes for the day on which the telephone is gone, in groups of four. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const code = new Secret({ buffer: new Uint8Array(randomBytes(RECOVERY_BYTES)).buffer }).base32.toLowerCase();
    return (code.match(/.{4}/g) ?? []).join('-');
  });
}

export function hashOfCode(code: string): string {
  return createHash('sha256').update(plainCode(code)).digest('hex');
}
