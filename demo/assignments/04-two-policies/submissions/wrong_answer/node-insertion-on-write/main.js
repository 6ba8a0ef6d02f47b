'use strict';
const { readFileSync } = require('node:fs');

const [policy, capacityText] = process.argv.slice(2);
const capacity = Number(capacityText);

/** Both caches are a Map from key to entry; they differ in what a use does and in who must go. */
const policies = {
  fifo: {
    use: () => {},
    victim: (entries) => entries.keys().next().value,
  },
  lfu: {
    use: (entry, now) => {
      entry.uses += 1;
      entry.usedAt = now;
    },
    victim: (entries) => {
      let worst = null;
      for (const [key, entry] of entries) {
        const isWorse =
          worst === null ||
          entry.uses < worst.entry.uses ||
          (entry.uses === worst.entry.uses && entry.usedAt < worst.entry.usedAt);
        if (isWorse) worst = { key, entry };
      }
      return worst.key;
    },
  },
};

if (!Object.hasOwn(policies, policy)) {
  console.error(`Unknown policy ${policy}: it must be fifo or lfu.`);
  process.exit(64);
}
const { use, victim } = policies[policy];
const entries = new Map();
let now = 0;

function get(key) {
  const entry = entries.get(key);
  if (entry === undefined) return 'miss';
  use(entry, (now += 1));
  return entry.value;
}

function put(key, value) {
  let answer = 'stored';
  let entry = entries.get(key);
  if (entry !== undefined) entries.delete(key), entries.set(key, entry); // an overwritten key becomes the youngest
  if (entry === undefined) {
    if (entries.size === capacity) {
      const evicted = victim(entries);
      entries.delete(evicted);
      answer += `, evicted ${evicted}`;
    }
    entry = { uses: 0, usedAt: 0 };
    entries.set(key, entry);
  }
  entry.value = value;
  use(entry, (now += 1));
  return answer;
}

const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean);
for (const line of lines) {
  const [command, key, value] = line.split(' ');
  console.log(command === 'get' ? get(key) : put(key, value));
}
