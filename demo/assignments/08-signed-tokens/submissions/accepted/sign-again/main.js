import { webcrypto } from 'node:crypto';
import { encode, makeToken, readToken } from './token.js';

const [command, secret, text, now] = process.argv.slice(2);

if (command === 'secret') {
  console.log(encode(webcrypto.getRandomValues(new Uint8Array(32))));
} else if (command === 'sign') {
  console.log(await makeToken(secret, text));
} else {
  const result = await readToken(secret, text, BigInt(now));
  if (result.refused) {
    const [status, word] = result.refused;
    process.stderr.write(`${word}\n`);
    process.exitCode = status;
  } else {
    console.log(result.payload);
  }
}
