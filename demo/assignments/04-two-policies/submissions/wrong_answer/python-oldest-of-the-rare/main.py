import sys
from itertools import count


class Fifo:
    """Dictionaries remember the order of insertion, and overwriting keeps it."""

    def __init__(self, capacity):
        self.capacity, self.values = capacity, {}

    def get(self, key):
        return self.values.get(key)

    def put(self, key, value):
        evicted = None
        if key not in self.values and len(self.values) == self.capacity:
            evicted = next(iter(self.values))
            del self.values[evicted]
        self.values[key] = value
        return evicted


class Lfu:
    def __init__(self, capacity):
        self.capacity, self.values, self.uses = capacity, {}, {}
        self.clock = count()

    def _use(self, key):
        times, since = self.uses.get(key, (0, next(self.clock)))
        self.uses[key] = (times + 1, since)  # ties go by age, not by last use

    def get(self, key):
        if key not in self.values:
            return None
        self._use(key)
        return self.values[key]

    def put(self, key, value):
        evicted = None
        if key not in self.values and len(self.values) == self.capacity:
            evicted = min(self.uses, key=self.uses.get)
            del self.values[evicted], self.uses[evicted]
        self.values[key] = value
        self._use(key)
        return evicted


POLICIES = {"fifo": Fifo, "lfu": Lfu}

policy, capacity = sys.argv[1:]
if policy not in POLICIES:
    print(f"unknown policy {policy}: choose {' or '.join(POLICIES)}", file=sys.stderr)
    sys.exit(64)
cache = POLICIES[policy](int(capacity))
for line in sys.stdin:
    command, key, *value = line.split()
    if command == "get":
        print(cache.get(key) or "miss")
    else:
        evicted = cache.put(key, value[0])
        print("stored" if evicted is None else f"stored, evicted {evicted}")
