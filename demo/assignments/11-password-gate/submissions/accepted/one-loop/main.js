'use strict';
const fs = require('node:fs');
const readline = require('node:readline');

const user = process.argv[2].toLowerCase();
const common = fs.readFileSync('common.txt', 'utf8').toLowerCase().split('\n').filter(Boolean);

function faults(password) {
  let length = 0;
  let run = 0;
  let previous = '';
  const seen = { lower: false, upper: false, digit: false, other: false };
  let repeats = false;
  for (const character of password) {
    length += 1;
    run = character === previous ? run + 1 : 1;
    previous = character;
    if (run === 3) repeats = true;
    if (/^\p{Ll}$/u.test(character)) seen.lower = true;
    else if (/^\p{Lu}$/u.test(character)) seen.upper = true;
    else if (character >= '0' && character <= '9') seen.digit = true;
    else if (!/^[\p{L}\p{N}\s]$/u.test(character)) seen.other = true;
  }
  const found = [];
  if (length < 12) found.push('length');
  for (const [kind, isThere] of Object.entries(seen)) if (!isThere) found.push(kind);
  if (repeats) found.push('repeat');
  const folded = password.toLowerCase();
  if (folded.includes(user)) found.push('user');
  if (common.includes(folded)) found.push('common');
  return found;
}

readline.createInterface({ input: process.stdin }).on('line', (password) => {
  const found = faults(password);
  process.stdout.write(found.length > 0 ? `no: ${found.join(', ')}\n` : 'ok\n');
});
