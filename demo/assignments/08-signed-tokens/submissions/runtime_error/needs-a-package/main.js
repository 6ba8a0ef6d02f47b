'use strict';
const { sign, verify } = require('./token.js');

const [command, secret, text, now] = process.argv.slice(2);
console.log(command === 'sign' ? sign(secret, text) : JSON.stringify(verify(secret, text, Number(now))));
