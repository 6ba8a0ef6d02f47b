'use strict';
const { randomBytes } = require('node:crypto');
const { sign, verify, Refusal } = require('./token.js');

const commands = {
  sign: (secret, payload) => sign(secret, payload),
  verify: (secret, token, now) => verify(secret, token, Number(now)),
  secret: () => randomBytes(32).toString('base64url'),
};

try {
  const [command, ...args] = process.argv.slice(2);
  console.log(commands[command](...args));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = error.status;
}
