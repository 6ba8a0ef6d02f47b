'use strict';
// Works on the author's machine, where somebody once ran "npm install".
const jwt = require('jsonwebtoken');

exports.sign = (secret, payload) => jwt.sign(payload, secret, { algorithm: 'HS256' });
exports.verify = (secret, token, now) => jwt.verify(token, secret, { algorithms: ['HS256'], clockTimestamp: now });
