import sys

from cache import LruCache

cache = LruCache(int(sys.stdin.readline().split()[1]))
for line in sys.stdin:
    command, *words = line.split()
    if command == "PUT":
        cache.put(*words)
    elif command == "GET":
        value = cache.get(*words)
        print("-" if value is None else value)
    elif command == "DEL":
        cache.delete(*words)
    elif command == "KEYS":
        print(" ".join(cache.keys()) or "(empty)")
    elif command == "STATS":
        print("hits", cache.hits, "misses", cache.misses, "evictions", cache.evictions)
    else:
        x, rounds, keys = map(int, words)
        for _ in range(rounds):
            x = x * 48271 % 2147483647
            key = "k" + str(x % keys)
            if cache.get(key) is None:
                cache.put(key, "v")
