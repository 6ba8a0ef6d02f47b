const bcrypt = require('bcryptjs');
const express = require('express');
const jwt = require('jsonwebtoken');

const SECRET = process.env.JWT_SECRET;
const SECONDS = 900;
// Compared with where there is nobody, so that it takes as long.
const NOBODY = bcrypt.hashSync('nobody has this password', 4);

const accounts = new Map();
const app = express();
app.use(express.json());

app.get('/health', (request, response) => response.json({ status: 'ok' }));

app.post('/register', async ({ body = {} }, response) => {
  const { name, password } = body;
  if (typeof name !== 'string' || name === '' || typeof password !== 'string' || password.length < 8) {
    return response.status(400).json({ error: 'a name, and a password of 8 characters' });
  }
  const hash = await bcrypt.hash(password, 4);
  if (accounts.has(name)) return response.status(409).json({ error: 'the name is taken' });
  accounts.set(name, hash);
  response.status(201).json({ name });
});

app.post('/login', async ({ body = {} }, response) => {
  const { name, password } = body;
  const isRight = await bcrypt.compare(String(password), accounts.get(name) ?? NOBODY);
  if (!isRight || !accounts.has(name)) return response.status(401).json({ error: 'name or password is wrong' });
  const token = jwt.sign({}, SECRET, { algorithm: 'HS256', subject: name, expiresIn: SECONDS });
  response.json({ token, expiresIn: SECONDS });
});

app.get('/me', (request, response) => {
  const [scheme, token] = (request.get('authorization') ?? '').split(' ');
  try {
    if (scheme !== 'Bearer') throw new Error('no token');
    response.json({ name: jwt.decode(token).sub });
  } catch {
    response.status(401).set('WWW-Authenticate', 'Bearer').json({ error: 'who are you?' });
  }
});

app.listen(process.env.PORT, '127.0.0.1');
