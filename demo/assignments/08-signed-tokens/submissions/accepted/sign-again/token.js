import { webcrypto } from 'node:crypto';

const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' };
const bytes = (text) => new TextEncoder().encode(text);

export const encode = (data) => Buffer.from(data).toString('base64url');

const key = (secret) => webcrypto.subtle.importKey('raw', bytes(secret), ALGORITHM, false, ['sign', 'verify']);

export async function makeToken(secret, payload) {
  const signed = `${encode('{"alg":"HS256","typ":"JWT"}')}.${encode(payload)}`;
  return `${signed}.${encode(await webcrypto.subtle.sign(ALGORITHM, await key(secret), bytes(signed)))}`;
}

function decode(part) {
  const text = Buffer.from(part ?? '', 'base64url').toString();
  if (encode(text) !== part) return null;
  try {
    const value = JSON.parse(text);
    return Object.prototype.toString.call(value) === '[object Object]' ? { text, value } : null;
  } catch {
    return null;
  }
}

export async function readToken(secret, token, now) {
  const [header, payload, signature, ...more] = token.split('.');
  const head = decode(header);
  const body = decode(payload);
  if (head === null || body === null || signature === undefined || more.length > 0) return { refused: [3, 'malformed'] };
  if (head.value.alg !== 'HS256') return { refused: [4, 'algorithm'] };
  const given = Buffer.from(signature, 'base64url');
  const isRight = await webcrypto.subtle.verify(ALGORITHM, await key(secret), given, bytes(`${header}.${payload}`));
  if (!isRight) return { refused: [5, 'signature'] };
  const { exp, nbf } = body.value;
  if (exp !== undefined && now >= BigInt(Math.ceil(exp))) return { refused: [6, 'expired'] };
  if (nbf !== undefined && now < BigInt(Math.ceil(nbf))) return { refused: [7, 'early'] };
  return { payload: body.text };
}
