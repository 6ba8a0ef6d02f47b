import json
import sys
from dataclasses import dataclass


@dataclass
class Request:
    path: str
    status: int
    ms: float


def parse(line):
    """The request of a line, or None when the line is broken."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict):
        return None
    path, status, ms = (entry.get(name) for name in ("path", "status", "ms"))
    if type(path) is str and type(status) is int and type(ms) in (int, float):
        return Request(path, status, ms)
    return None


def percentile(ordered, p):
    return ordered[-(-p * len(ordered) // 100) - 1]


def main():
    source = open(sys.argv[1], encoding="utf-8") if len(sys.argv) > 1 else sys.stdin
    with source:
        parsed = [parse(line) for line in source if line.strip()]
    requests = [request for request in parsed if request is not None]
    print("requests", len(requests))
    print("broken", len(parsed) - len(requests))
    if not requests:
        return
    durations = sorted(request.ms for request in requests)
    slowest = max(requests, key=lambda request: request.ms)
    print("errors", round(100 * sum(request.status >= 500 for request in requests) / len(requests)))
    print("mean", round(sum(durations) / len(durations)))
    print("p50", percentile(durations, 50))
    print("p95", percentile(durations, 95))
    print("slowest", slowest.path, slowest.ms)


main()
