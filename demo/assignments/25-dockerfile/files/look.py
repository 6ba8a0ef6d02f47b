"""Looks at the order of a Dockerfile, and at what is left out of the image."""

import re
from pathlib import Path


def instructions(text):
    """Name and arguments of each, with continued lines joined and comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\s*\n", " ", "\n".join(lines))
    for line in joined.splitlines():
        match = re.match(r"\s*([A-Za-z]+)\s+(.*)", line)
        if match:
            yield match[1].upper(), match[2].strip()


def last_stage(found):
    starts = [index for index, (name, _) in enumerate(found) if name == "FROM"]
    return found[starts[-1]:] if starts else []


def first(found, wanted):
    return next((index for index, one in enumerate(found) if wanted(*one)), None)


def installs(name, arguments):
    return name == "RUN" and re.search(r"\bnpm\s+(ci|install)\b", arguments) is not None


def copies_all(name, arguments):
    words = [word for word in arguments.split() if not word.startswith("--")]
    return name in ("COPY", "ADD") and "--from" not in arguments and any(word in (".", "./", "server.js") for word in words[:-1])


def copies_lock(name, arguments):
    return name == "COPY" and re.search(r"package(-lock|\*)?\S*\.json", arguments) is not None


found = list(instructions(Path("Dockerfile").read_text(encoding="utf-8", errors="replace")))
install, everything, lock = (first(found, wanted) for wanted in (installs, copies_all, copies_lock))
ignore = Path(".dockerignore")
ignored = ignore.read_text(encoding="utf-8", errors="replace").split() if ignore.is_file() else []
final = last_stage(found)

checks = [
    ("the packages are installed by npm ci", install is not None and "npm ci" in found[install][1]),
    ("before the source is copied", None not in (install, everything, lock) and lock < install < everything),
    ("node_modules and .env stay out", {"node_modules", ".env"} <= {word.strip("/") for word in ignored}),
    ("the port is named", any(name == "EXPOSE" for name, _ in final)),
    ("there is a way to see whether it is well", any(name == "HEALTHCHECK" for name, _ in final)),
    ("the service is what is started", any(name in ("CMD", "ENTRYPOINT") and "server.js" in text for name, text in final)),
]
print(f"1..{len(checks)}")
for number, (title, holds) in enumerate(checks, 1):
    print(f"{'ok' if holds else 'not ok'} {number} - {title}")
