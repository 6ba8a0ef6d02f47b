import sys


class LruCache:
    """A list in order of use. Correct, and each step walks through it."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.order = []
        self.values = {}
        self.hits = self.misses = self.evictions = 0

    def get(self, key):
        if key not in self.order:
            self.misses += 1
            return None
        self.hits += 1
        self.order.remove(key)
        self.order.append(key)
        return self.values[key]

    def put(self, key, value):
        if key in self.order:
            self.order.remove(key)
        elif len(self.order) == self.capacity:
            del self.values[self.order.pop(0)]
            self.evictions += 1
        self.order.append(key)
        self.values[key] = value

    def delete(self, key):
        if key in self.order:
            self.order.remove(key)
            del self.values[key]

    def keys(self):
        return reversed(self.order)


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
