'use strict';
const { readFileSync } = require('node:fs');

const linesOf = (text) => text.replace(/\n$/, '').split('\n');

const user = process.argv[2].toLowerCase();
const common = new Set(linesOf(readFileSync('common.txt', 'utf8')).map((line) => line.toLowerCase()));

/** Name of each rule, and what a good password must fulfil. */
const rules = {
  length: (password) => [...password].length >= 12,
  lower: (password) => /\p{Ll}/u.test(password),
  upper: (password) => /\p{Lu}/u.test(password),
  digit: (password) => /[0-9]/.test(password),
  other: (password) => /[^\p{L}\p{N}\s]/u.test(password),
  repeat: (password) => !/(.)\1\1/u.test(password),
  user: (password) => !new RegExp(user, 'i').test(password),
  common: (password) => !common.has(password.toLowerCase()),
};

for (const password of linesOf(readFileSync(0, 'utf8'))) {
  const broken = Object.keys(rules).filter((name) => !rules[name](password));
  console.log(broken.length === 0 ? 'ok' : `no: ${broken.join(', ')}`);
}
