'use strict';
// Counts requests in whole seconds: easy, and lets twice as many through around the turn of a second.
const [first, ...requests] = require('node:fs').readFileSync(0, 'utf8').trim().split('\n');
const [, capacity] = first.split(' ').map(Number);
const windows = new Map();
for (const line of requests) {
  const [time, client, cost = '1'] = line.split(' ');
  const second = Math.floor(Number(time) / 1000);
  const key = `${client} ${second}`;
  const used = (windows.get(key) ?? 0) + Number(cost);
  if (used > capacity) console.log(`deny ${(second + 1) * 1000 - Number(time)}`);
  else {
    windows.set(key, used);
    console.log(`allow ${capacity - used}`);
  }
}
