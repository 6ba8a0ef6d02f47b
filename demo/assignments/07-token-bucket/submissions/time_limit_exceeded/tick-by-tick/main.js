'use strict';
// Lets every millisecond pass, one by one.
const [first, ...requests] = require('node:fs').readFileSync(0, 'utf8').trim().split('\n');
const [, capacity, rate] = first.split(' ').map(Number);
const buckets = new Map();
for (const line of requests) {
  const [time, client, costText = '1'] = line.split(' ');
  const now = Number(time);
  const cost = Number(costText);
  if (cost > capacity) {
    console.log('deny never');
    continue;
  }
  if (!buckets.has(client)) buckets.set(client, { level: capacity * 1000, clock: now });
  const bucket = buckets.get(client);
  while (bucket.clock < now) {
    bucket.clock += 1;
    bucket.level += rate;
    if (bucket.level > capacity * 1000) bucket.level = capacity * 1000;
  }
  if (bucket.level >= cost * 1000) {
    bucket.level -= cost * 1000;
    console.log(`allow ${Math.floor(bucket.level / 1000)}`);
  } else {
    console.log(`deny ${Math.ceil((cost * 1000 - bucket.level) / rate)}`);
  }
}
