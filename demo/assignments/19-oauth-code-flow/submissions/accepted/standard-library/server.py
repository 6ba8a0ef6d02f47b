import base64
import hashlib
import html
import json
import os
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

with open("clients.json") as clients_file, open("users.json") as users_file:
    CLIENTS, USERS = json.load(clients_file), json.load(users_file)

grants, spent, tokens = {}, {}, {}


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, body, **headers):
        is_json = isinstance(body, dict)
        data = (json.dumps(body) if is_json else body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if is_json else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.serve({"/health": self.health, "/authorize": self.authorize, "/userinfo": self.userinfo}, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.serve({"/authorize": self.authorize, "/token": self.token}, form)

    def serve(self, routes, form):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        route = routes.get(url.path)
        if route is None:
            self.answer(404, {"error": "not_found"})
        else:
            route(query, form)

    def health(self, query, form):
        self.answer(200, {})

    def authorize(self, query, form):
        client = CLIENTS.get(query.get("client_id"))
        target = query.get("redirect_uri")
        if client is None or target not in client["redirectUris"]:
            return self.answer(400, "<p>This request is not from an application that we know.")
        state = {"state": query["state"]} if "state" in query else {}
        if query.get("response_type") != "code" or not query.get("code_challenge") or query.get("code_challenge_method") != "S256":
            return self.answer(302, "", Location=f"{target}?{urlencode({'error': 'invalid_request', **state})}")
        if self.command == "GET":
            return self.answer(200, f"<h1>{html.escape(client['name'])}</h1><form method=post><input name=user><input name=password></form>")
        user = USERS.get(form.get("user"))
        if user is None or not secrets.compare_digest(user["password"], form.get("password", "")):
            return self.answer(401, "<p>No.")
        code = secrets.token_urlsafe(24)
        grants[code] = (time.time() + 60, form["user"], query)
        self.answer(302, "", Location=f"{target}?{urlencode({'code': code, **state})}")

    def token(self, query, form):
        code = form.get("code")
        if code in spent:
            tokens.pop(spent[code], None)
        until, user, asked = grants.pop(code, (0, None, {}))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        same = all(asked.get(name) == form.get(name) for name in ("client_id", "redirect_uri"))
        if form.get("grant_type") != "authorization_code" or until < time.time() or not same or asked["code_challenge"] != challenge:
            return self.answer(400, {"error": "invalid_grant"})
        token = secrets.token_urlsafe(24)
        tokens[token] = user
        spent[code] = token
        body = {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": asked.get("scope", "")}
        self.answer(200, body, Cache_Control="no-store")

    def userinfo(self, query, form):
        user = tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if user is None:
            return self.answer(401, {"error": "invalid_token"}, WWW_Authenticate="Bearer")
        self.answer(200, {"sub": user, "name": USERS[user]["name"]})


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
