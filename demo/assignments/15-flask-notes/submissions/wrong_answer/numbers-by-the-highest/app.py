import json
import os
from pathlib import Path

from flask import Flask, jsonify, request

STORE = Path("notes.json")

app = Flask(__name__)


def load():
    if not STORE.exists():
        return {"notes": []}
    return json.loads(STORE.read_text(encoding="utf-8"))


def save(data):
    # First beside it, then in its place: a service that is stopped half-way leaves the old file.
    beside = STORE.with_suffix(".new")
    beside.write_text(json.dumps(data), encoding="utf-8")
    beside.replace(STORE)


def refusal(status, message):
    return jsonify(error=message), status


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.get("/notes")
def list_notes():
    tag = request.args.get("tag")
    return jsonify([note for note in load()["notes"] if tag is None or tag in note["tags"]])


@app.post("/notes")
def make_note():
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        return refusal(400, "the body is no JSON object")
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        return refusal(400, "text is missing or blank")
    data = load()
    number = max((note["id"] for note in data["notes"]), default=0) + 1
    note = {"id": number, "text": text, "tags": body.get("tags", [])}
    data["notes"].append(note)
    save(data)
    return jsonify(note), 201, {"Location": f"/notes/{note['id']}"}


@app.get("/notes/<int:number>")
def show_note(number):
    for note in load()["notes"]:
        if note["id"] == number:
            return jsonify(note)
    return refusal(404, "there is no such note")


@app.delete("/notes/<int:number>")
def delete_note(number):
    data = load()
    kept = [note for note in data["notes"] if note["id"] != number]
    if len(kept) == len(data["notes"]):
        return refusal(404, "there is no such note")
    save({**data, "notes": kept})
    return "", 204


@app.errorhandler(404)
@app.errorhandler(405)
def not_there(error):
    return refusal(error.code, error.name)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
