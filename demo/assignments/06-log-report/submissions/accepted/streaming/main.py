import fileinput
import json
import math
from bisect import insort

broken = errors = 0
total = 0.0
durations = []
slowest = ("", -1.0)

for line in fileinput.input(encoding="utf-8"):
    if line.isspace():
        continue
    try:
        entry = json.loads(line)
        path, status, ms = entry["path"], entry["status"], entry["ms"]
        if not (isinstance(path, str) and isinstance(status, int)):
            raise TypeError("path or status has another type")
        total += ms
    except (ValueError, KeyError, TypeError):
        broken += 1
        continue
    errors += status >= 500
    insort(durations, ms)
    if ms > slowest[1]:
        slowest = (path, ms)

print(f"requests {len(durations)}\nbroken {broken}")
if durations:
    n = len(durations)
    print(f"errors {100 * errors / n:.4f}\nmean {total / n:.5f}")
    for p in (50, 95):
        print(f"p{p} {durations[math.ceil(p * n / 100) - 1]:.4f}")
    print(f"slowest {slowest[0]} {slowest[1]:.4f}")
