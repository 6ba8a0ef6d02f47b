import json
import os
import sqlite3

from flask import Flask, jsonify, request

app = Flask(__name__)


def connect():
    connection = sqlite3.connect("notes.db")
    connection.row_factory = sqlite3.Row
    # AUTOINCREMENT: a number is not given again when its note was deleted.
    connection.execute(
        "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, tags TEXT NOT NULL)"
    )
    return connection


def shown(row):
    return {"id": row["id"], "text": row["text"], "tags": json.loads(row["tags"])}


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.get("/notes")
def list_notes():
    with connect() as connection:
        notes = [shown(row) for row in connection.execute("SELECT * FROM notes ORDER BY id")]
    tag = request.args.get("tag")
    return jsonify(notes if tag is None else [note for note in notes if tag in note["tags"]])


@app.post("/notes")
def make_note():
    body = request.get_json(silent=True)
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or text.strip() == "":
        return jsonify(error="a note has a text"), 400
    tags = body.get("tags", [])
    with connect() as connection:
        number = connection.execute(
            "INSERT INTO notes (text, tags) VALUES (?, ?)", (text, json.dumps(tags))
        ).lastrowid
    return jsonify(id=number, text=text, tags=tags), 201, {"Location": f"/notes/{number}"}


@app.route("/notes/<int:number>", methods=["GET", "DELETE"])
def one_note(number):
    with connect() as connection:
        row = connection.execute("SELECT * FROM notes WHERE id = ?", (number,)).fetchone()
        if row is None:
            return jsonify(error="there is no such note"), 404
        if request.method == "GET":
            return jsonify(shown(row))
        connection.execute("DELETE FROM notes WHERE id = ?", (number,))
    return "", 204


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ.get("PORT", "5000")))
