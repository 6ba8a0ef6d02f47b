'use strict';
const { readFileSync } = require('node:fs');

const TOKEN = 1000; // thousandths of a token, so that everything stays whole

const [first, ...requests] = readFileSync(0, 'utf8').trim().split('\n');
const [, capacity, rate] = first.split(' ').map(Number);
const buckets = new Map();

function request(now, client, cost) {
  if (cost > capacity) return 'deny never';
  const bucket = buckets.get(client) ?? { level: capacity * TOKEN, at: now };
  const level = Math.min(capacity * TOKEN, bucket.level + (now - bucket.at) * rate);
  const missing = cost * TOKEN - level;
  const left = missing > 0 ? level : level - cost * TOKEN;
  buckets.set(client, { level: left, at: now });
  return missing > 0 ? `deny ${Math.ceil(missing / rate)}` : `allow ${Math.floor(left / TOKEN)}`;
}

for (const line of requests) {
  const [now, client, cost = '1'] = line.split(' ');
  console.log(request(Number(now), client, Number(cost)));
}
