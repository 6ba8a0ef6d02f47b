import hashlib
import hmac
import json
import os
import secrets
import time
from base64 import urlsafe_b64encode
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request

CLIENTS = json.loads(Path("clients.json").read_text())
USERS = json.loads(Path("users.json").read_text())
CODE_SECONDS, TOKEN_SECONDS = 60, 3600

codes = {}
tokens = {}
app = Flask(__name__)


@app.get("/health")
def health():
    return jsonify(status="ok")


def checked():
    """The application that asks, or an answer that refuses."""
    client = CLIENTS.get(request.args.get("client_id"))
    target = request.args.get("redirect_uri")
    if client is None or not any(str(target).startswith(uri) for uri in client["redirectUris"]):
        return None, ("Who asks, and where to?", 400)
    fine = (
        request.args.get("response_type") == "code"
        and request.args.get("code_challenge_method") == "S256"
        and request.args.get("code_challenge")
    )
    return (client, None) if fine else (None, back(target, error="invalid_request"))


def back(target, **values):
    state = request.args.get("state")
    if state is not None:
        values["state"] = state
    return redirect(f"{target}?{urlencode(values)}", 302)


@app.get("/authorize")
def ask():
    client, refusal = checked()
    if refusal is not None:
        return refusal
    return f"""<!doctype html><title>Sign in</title>
<h1>{escape(client["name"])} wants to know who you are</h1>
<form method="post"><input name="user"><input name="password" type="password"><button>Agree</button></form>"""


@app.post("/authorize")
def agree():
    _, refusal = checked()
    if refusal is not None:
        return refusal
    user = request.form.get("user", "")
    password = USERS.get(user, {}).get("password", "")
    given = request.form.get("password", "")
    if password == "" or not hmac.compare_digest(password.encode(), given.encode()):
        return "That is not the password.", 401
    code = secrets.token_urlsafe(32)
    codes[code] = {
        "user": user,
        "client": request.args["client_id"],
        "target": request.args["redirect_uri"],
        "challenge": request.args["code_challenge"],
        "scope": request.args.get("scope", "profile"),
        "until": time.monotonic() + CODE_SECONDS,
        "token": None,
    }
    return back(request.args["redirect_uri"], code=code)


def challenge_of(verifier):
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@app.post("/token")
def exchange():
    if request.form.get("grant_type") != "authorization_code":
        return jsonify(error="unsupported_grant_type"), 400
    known = codes.get(request.form.get("code"))
    if known is None:
        return jsonify(error="invalid_grant"), 400
    if known["token"] is not None:
        tokens.pop(known["token"], None)
        return jsonify(error="invalid_grant"), 400
    is_good = (
        known["until"] > time.monotonic()
        and known["client"] == request.form.get("client_id")
        and known["target"] == request.form.get("redirect_uri")
        and known["challenge"] == challenge_of(request.form.get("code_verifier", ""))
    )
    if not is_good:
        return jsonify(error="invalid_grant"), 400
    token = secrets.token_urlsafe(32)
    known["token"] = token
    tokens[token] = (known["user"], time.monotonic() + TOKEN_SECONDS)
    answer = jsonify(access_token=token, token_type="Bearer", expires_in=TOKEN_SECONDS, scope=known["scope"])
    answer.headers["Cache-Control"] = "no-store"
    return answer


@app.get("/userinfo")
def userinfo():
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    user, until = tokens.get(token, (None, 0))
    if scheme != "Bearer" or user is None or until < time.monotonic():
        return jsonify(error="invalid_token"), 401, {"WWW-Authenticate": "Bearer"}
    return jsonify(sub=user, name=USERS[user]["name"])


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
