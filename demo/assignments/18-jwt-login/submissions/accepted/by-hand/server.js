const { createHmac, randomBytes, scryptSync, timingSafeEqual } = require('node:crypto');
const { createServer } = require('node:http');

const SECRET = process.env.JWT_SECRET;
const accounts = new Map();

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
const signature = (text) => createHmac('sha256', SECRET).update(text).digest();
const hash = (password, salt) => scryptSync(password, salt, 32, { N: 1024 });

function sign(payload) {
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
  return `${text}.${signature(text).toString('base64url')}`;
}

function verify(token) {
  const [header, payload, signed = ''] = token.split('.');
  const given = Buffer.from(signed, 'base64url');
  const wanted = signature(`${header}.${payload}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new Error('signature');
  if (decode(header).alg !== 'HS256') throw new Error('algorithm');
  const claims = decode(payload);
  if (claims.exp <= Date.now() / 1000) throw new Error('expired');
  return claims;
}

const WRONG = [401, { error: 'wrong name or password' }];
const routes = {
  'GET /health': () => [200, {}],
  'POST /register': ({ name, password }) => {
    if (!name || typeof password !== 'string' || password.length < 8) return [400, { error: 'name or password' }];
    if (accounts.has(name)) return [409, { error: 'taken' }];
    const salt = randomBytes(16);
    accounts.set(name, { salt, hash: hash(password, salt) });
    return [201, { name }];
  },
  'POST /login': ({ name, password }) => {
    const account = accounts.get(name) ?? { salt: randomBytes(16), hash: randomBytes(32) };
    if (!timingSafeEqual(hash(String(password), account.salt), account.hash)) return WRONG;
    return [200, { token: sign({ sub: name, exp: Math.floor(Date.now() / 1000) + 900 }), expiresIn: 900 }];
  },
  'GET /me': (body, headers) => {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    try {
      return [200, { name: verify(token).sub }];
    } catch {
      return [401, { error: 'no' }, { 'WWW-Authenticate': 'Bearer' }];
    }
  },
};

createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    const route = routes[`${request.method} ${request.url}`] ?? (() => [404, {}]);
    const [status, body, headers = {}] = route(text ? JSON.parse(text) : {}, request.headers);
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
}).listen(process.env.PORT, '127.0.0.1');
