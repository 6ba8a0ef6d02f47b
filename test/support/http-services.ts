/** Services of students for the tests of the kind `http`: right ones, and what to change in them to make them wrong. */

export const FLASK_LOGIN = String.raw`
import os
import secrets
from flask import Flask, jsonify, redirect, request

app = Flask(__name__)
tokens, refreshers = {}, {}

def issue(user):
    token, refresh = secrets.token_hex(8), secrets.token_hex(8)
    tokens[token], refreshers[refresh] = user, user
    return jsonify(token=token, refresh=refresh, user={"name": user, "roles": ["reader"]})

@app.post("/login")
def login():
    body = request.get_json()
    if body.get("password") != "lovelace":
        return jsonify(error="wrong password"), 401
    answer = issue(body["user"])
    answer.set_cookie("session", "s-" + body["user"], httponly=True, samesite="Lax")
    return answer

@app.get("/me")
def me():
    user = tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    return jsonify(name=user) if user else (jsonify(error="log in first"), 401)

@app.post("/refresh")
def refresh():
    user = refreshers.pop(request.get_json()["refresh"], None)
    return issue(user) if user else (jsonify(error="spent"), 401)

@app.get("/old")
def old():
    return redirect("/whoami")

@app.get("/whoami")
def whoami():
    return request.cookies.get("session", "nobody")

app.run(port=int(os.environ["PORT"]))
`;

export const LOGIN_STEPS = [
  { request: { method: 'POST', path: '/login', json: { user: 'ada', password: 'x' } }, expect: { status: 401 } },
  {
    name: 'log in',
    request: { method: 'POST', path: '/login', json: { user: 'ada', password: 'lovelace' } },
    expect: {
      status: 200,
      json: { user: { roles: ['reader'] } },
      jsonPath: { '$.token': { type: 'string', regex: '^[0-9a-f]{16}$' } },
      cookies: { session: { equals: 's-ada', httpOnly: true, sameSite: 'Lax' } },
    },
    capture: { token: '$.token', refresh: '$.refresh' },
  },
  { request: { path: '/me', headers: { Authorization: 'Bearer {{token}}' } }, expect: { json: { name: 'ada' } } },
  { request: { path: '/me' }, expect: { status: 401 } },
  {
    request: { method: 'POST', path: '/refresh', json: { refresh: '{{refresh}}' } },
    capture: { second: '$.token' },
  },
  {
    name: 'refresh only once',
    request: { method: 'POST', path: '/refresh', json: { refresh: '{{refresh}}' } },
    expect: { status: 401 },
  },
  { request: { path: '/me', headers: { Authorization: 'Bearer {{second}}' } }, expect: { json: { name: 'ada' } } },
  { request: { path: '/old' }, expect: { status: 302, location: '/whoami' } },
  { request: { path: '/old', followRedirects: true }, expect: { status: 200, text: 's-ada' } },
  { request: { path: '/whoami', cookies: false }, expect: { text: 'nobody' } },
];

export const DJANGO = String.raw`
import os, sys
from django.conf import settings
settings.configure(DEBUG=True, ROOT_URLCONF=__name__, SECRET_KEY="for tests", ALLOWED_HOSTS=["127.0.0.1"])
from django.core.management import execute_from_command_line
from django.http import JsonResponse
from django.urls import path

def add(request):
    return JsonResponse({"sum": int(request.GET["a"]) + int(request.GET["b"])})

urlpatterns = [path("add", add)]
if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", "--nothreading", os.environ["PORT"]])
`;

export const FASTAPI = String.raw`
import os
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

class Item(BaseModel):
    name: str
    price: float

app = FastAPI()
items = []

@app.post("/items", status_code=201)
def create(item: Item):
    items.append(item)
    return {"id": len(items), "name": item.name, "price": item.price}

uvicorn.run(app, port=int(os.environ["PORT"]), log_level="warning")
`;

export const EXPRESS = String.raw`
import express from 'express';
const app = express();
app.use(express.json());
const books = [{ id: 1, title: 'Sula' }, { id: 2, title: 'Beloved' }];
app.get('/books', (request, response) => response.json({ items: books, total: books.length }));
app.get('/books/:id', (request, response) => {
  const book = books.find(({ id }) => id === Number(request.params.id));
  if (book) response.json(book); else response.status(404).json({ error: 'no such book' });
});
app.listen(process.env.PORT, '127.0.0.1');
`;

/** Sells one ticket; the wrong one looks, waits and takes it. */
export const NODE_TICKET = String.raw`
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
let left = 1;
let sold = 0;
createServer(async (request, response) => {
  if (request.method === 'GET') return response.end(JSON.stringify({ sold }));
  if (left === 0) { response.statusCode = 409; return response.end('{}'); }
  /* wait */
  left -= 1;
  sold += 1;
  response.statusCode = 201;
  response.end('{}');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** Keeps notes in a database; the wrong one in memory. */
export const PYTHON_NOTES = String.raw`
import json, os, sqlite3
from http.server import BaseHTTPRequestHandler, HTTPServer

database = sqlite3.connect("notes.db")
database.execute("CREATE TABLE IF NOT EXISTS notes (text TEXT)")

class Handler(BaseHTTPRequestHandler):
    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        note = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        database.execute("INSERT INTO notes VALUES (?)", (note["text"],))
        database.commit()
        self.answer(201, note)

    def do_GET(self):
        self.answer(200, [{"text": text} for (text,) in database.execute("SELECT text FROM notes")])

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`;

/** Sends the bytes of `pieces`, each a JavaScript expression, to whoever connects, again and again where `forever` says so. */
export const rawService = (onConnection: string): string => `
import { createServer } from 'node:net';
createServer((socket) => {
  socket.on('error', () => {});
  const write = (text) => new Promise((resolve) => { socket.write(text, resolve); });
  const forever = async (text) => { while (!socket.destroyed) await write(text); };
  ${onConnection}
}).listen(Number(process.env.PORT), '127.0.0.1');
`;
