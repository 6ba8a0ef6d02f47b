import re
import sys

GONE = object()
layers = [{}]  # the store, and over it what each open transaction has changed
now = 0


def find(key):
    for layer in reversed(layers):
        if key in layer:
            entry = layer[key]
            if entry is GONE or (entry[1] or now + 1) <= now:
                return None
            return entry
    return None


def run(line):
    global now
    name, _, rest = line.partition(" ")
    if name == "REPEAT":
        times, _, command = rest.partition(" ")
        answer = ""
        for i in range(int(times)):
            answer = run(command.replace("#", str(i)))
        return answer
    if name == "ADVANCE":
        now += int(rest)
        return "ok"
    if name == "BEGIN":
        layers.append({})
        return "ok"
    if name in ("COMMIT", "ROLLBACK"):
        if len(layers) == 1:
            return "error no transaction"
        top = layers.pop()
        if name == "COMMIT":
            layers[-1].update(top)
        return "ok"
    if name == "SIZE":
        return len([key for key in set().union(*layers) if find(key)])

    key, _, rest = rest.partition(" ")
    if name == "SET":
        value, seconds = re.fullmatch(r"(.*?)(?: EX (\d+))?", rest).groups()
        layers[-1][key] = (value, now + int(seconds) if seconds else None)
        return "ok"
    entry = find(key)
    if name == "GET":
        return entry[0] if entry else "nil"
    if name == "DEL":
        layers[-1][key] = GONE
        return 1 if entry else 0
    if name == "TTL":
        return -2 if not entry else -1 if entry[1] is None else entry[1] - now
    if name == "EXPIRE":
        if entry:
            layers[-1][key] = (entry[0], now + int(rest))
        return 1 if entry else 0
    value, deadline = entry or ("0", None)  # INCR
    if not re.fullmatch(r"-?\d+", value):
        return "error not a number"
    layers[-1][key] = (str(int(value) + 1), deadline)
    return layers[-1][key][0]


for line in sys.stdin.read().splitlines():
    print(run(line))
