'use strict';
const { createHmac, timingSafeEqual } = require('node:crypto');

const STATUSES = { malformed: 3, algorithm: 4, signature: 5, expired: 6, early: 7 };

class Refusal extends Error {
  constructor(reason) {
    super(reason);
    this.status = STATUSES[reason];
  }
}

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

const mac = (secret, text) => createHmac('sha256', secret).update(text).digest();

function sign(secret, payload) {
  const body = `${HEADER}.${Buffer.from(payload).toString('base64url')}`;
  return `${body}.${mac(secret, body).toString('base64url')}`;
}

function jsonObject(part) {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) throw new Refusal('malformed');
  const text = Buffer.from(part, 'base64url').toString();
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('malformed');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('malformed');
  return { text, value };
}

function verify(secret, token, now) {
  const parts = token.split('.');
  if (parts.length !== 3) throw new Refusal('malformed');
  const header = jsonObject(parts[0]).value;
  const { text, value: payload } = jsonObject(parts[1]);
  if (header.alg !== 'HS256') throw new Refusal('algorithm');
  const given = Buffer.from(parts[2], 'base64url');
  const right = mac(secret, `${parts[0]}.${parts[1]}`);
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new Refusal('signature');
  return text;
}

module.exports = { sign, verify, Refusal };
