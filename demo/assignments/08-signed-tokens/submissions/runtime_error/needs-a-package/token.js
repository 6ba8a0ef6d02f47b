'use strict';
// Works on the author's machine, where somebody once ran "npm install".
const jwt = require('jwt-simple');

exports.sign = (secret, payload) => jwt.encode(payload, secret, 'HS256');
exports.verify = (secret, token) => jwt.decode(token, secret, false, 'HS256');
