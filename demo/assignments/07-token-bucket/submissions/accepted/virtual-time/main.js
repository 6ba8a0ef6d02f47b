'use strict';
// The same bucket told differently: for each client, the moment at which the bucket was (or would have been) empty.
// With BigInt, and in units of 1 / RATE milliseconds, that moment is always a whole number.
const readline = require('node:readline');

let capacity = 0n;
let rate = 1n;
const emptyAt = new Map();

function answer(time, client, cost) {
  if (cost > capacity) return 'deny never';
  const now = time * rate;
  const fullSince = now - capacity * 1000n;
  const known = emptyAt.get(client) ?? fullSince;
  const since = known < fullSince ? fullSince : known;
  const next = since + cost * 1000n;
  if (next > now) return `deny ${(next - now + rate - 1n) / rate}`;
  emptyAt.set(client, next);
  return `allow ${(now - next) / 1000n}`;
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const words = line.split(' ');
  if (words[0] === 'bucket') {
    capacity = BigInt(words[1]);
    rate = BigInt(words[2]);
  } else {
    console.log(answer(BigInt(words[0]), words[1], BigInt(words[2] ?? 1)));
  }
});
