import { createHmac } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

function encode(part: Json): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Reads the header and the claims of a JWT. */
export function readToken(token: string): { header: Json; claims: Json } {
  const [header = '', claims = ''] = token.split('.');
  const read = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;
  return { header: read(header), claims: read(claims) };
}

/** A JWT as an attacker would write it. Without a secret its signature is empty. */
export function forgeToken(header: Json, claims: Json, secret: string | null, digest = 'sha256'): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = secret === null ? '' : createHmac(digest, secret).update(signed).digest('base64url');
  return `${signed}.${signature}`;
}
