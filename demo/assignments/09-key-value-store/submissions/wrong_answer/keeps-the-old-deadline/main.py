import sys


class Store:
    """Keys are dropped when somebody looks at them late; transactions keep a journal of what was there before."""

    def __init__(self):
        self.now = 0
        self.entries = {}  # key -> (value, deadline or None)
        self.journals = []

    def find(self, key):
        entry = self.entries.get(key)
        if entry is None or (entry[1] is not None and entry[1] <= self.now):
            return None
        return entry

    def write(self, key, entry):
        if self.journals:
            self.journals[-1].append((key, self.entries.get(key)))
        self._put(key, entry)

    def _put(self, key, entry):
        if entry is None:
            self.entries.pop(key, None)
        else:
            self.entries[key] = entry

    def set(self, key, words):
        old = self.find(key)
        deadline = old[1] if old else None  # a new value should start without one
        if len(words) > 2 and words[-2] == "EX":
            deadline = self.now + int(words[-1])
            words = words[:-2]
        self.write(key, (" ".join(words), deadline))
        return "ok"

    def get(self, key):
        entry = self.find(key)
        return "nil" if entry is None else entry[0]

    def delete(self, key):
        if self.find(key) is None:
            return 0
        self.write(key, None)
        return 1

    def increment(self, key):
        value, deadline = self.find(key) or ("0", None)
        try:
            number = int(value) + 1
        except ValueError:
            return "error not a number"
        self.write(key, (str(number), deadline))
        return number

    def expire(self, key, seconds):
        entry = self.find(key)
        if entry is None:
            return 0
        self.write(key, (entry[0], self.now + seconds))
        return 1

    def ttl(self, key):
        entry = self.find(key)
        if entry is None:
            return -2
        return -1 if entry[1] is None else entry[1] - self.now

    def size(self):
        return sum(self.find(key) is not None for key in self.entries)

    def advance(self, seconds):
        self.now += seconds
        return "ok"

    def begin(self):
        self.journals.append([])
        return "ok"

    def commit(self):
        if not self.journals:
            return "error no transaction"
        journal = self.journals.pop()
        if self.journals:
            self.journals[-1].extend(journal)
        return "ok"

    def rollback(self):
        if not self.journals:
            return "error no transaction"
        for key, entry in reversed(self.journals.pop()):
            self._put(key, entry)
        return "ok"


def execute(store, command):
    match command.split(" "):
        case ["SET", key, *words]:
            return store.set(key, words)
        case ["GET", key]:
            return store.get(key)
        case ["DEL", key]:
            return store.delete(key)
        case ["INCR", key]:
            return store.increment(key)
        case ["EXPIRE", key, seconds]:
            return store.expire(key, int(seconds))
        case ["TTL", key]:
            return store.ttl(key)
        case ["SIZE"]:
            return store.size()
        case ["ADVANCE", seconds]:
            return store.advance(int(seconds))
        case ["BEGIN"]:
            return store.begin()
        case ["COMMIT"]:
            return store.commit()
        case ["ROLLBACK"]:
            return store.rollback()
        case ["REPEAT", times, *words]:
            template = " ".join(words)
            answer = None
            for i in range(int(times)):
                answer = execute(store, template.replace("#", str(i)))
            return answer


store = Store()
for line in sys.stdin:
    print(execute(store, line.rstrip("\n")))
