import sys
from collections import OrderedDict


class LruCache:
    """The end of the dictionary is the most recently used."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = OrderedDict()
        self.hits = self.misses = self.evictions = 0

    def get(self, key):
        if key not in self.entries:
            self.misses += 1
            return None
        self.hits += 1  # and the order stays: this is first in, first out
        return self.entries[key]

    def put(self, key, value):
        if key in self.entries:
            self.entries.move_to_end(key)
        elif len(self.entries) == self.capacity:
            self.entries.popitem(last=False)
            self.evictions += 1
        self.entries[key] = value

    def delete(self, key):
        self.entries.pop(key, None)

    def keys(self):
        return reversed(self.entries)


def traffic(cache, x, rounds, keys):
    for _ in range(rounds):
        x = x * 48271 % 2147483647
        key = f"k{x % keys}"
        if cache.get(key) is None:
            cache.put(key, "v")


def main():
    cache = None
    for line in sys.stdin:
        match line.split():
            case ["CAPACITY", n]:
                cache = LruCache(int(n))
            case ["PUT", key, value]:
                cache.put(key, value)
            case ["GET", key]:
                print(cache.get(key) or "-")
            case ["DEL", key]:
                cache.delete(key)
            case ["KEYS"]:
                print(" ".join(cache.keys()) or "(empty)")
            case ["STATS"]:
                print(f"hits {cache.hits} misses {cache.misses} evictions {cache.evictions}")
            case ["TRAFFIC", seed, rounds, keys]:
                traffic(cache, int(seed), int(rounds), int(keys))


main()
