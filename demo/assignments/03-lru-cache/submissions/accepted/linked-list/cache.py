class Node:
    __slots__ = ("key", "value", "newer", "older")

    def __init__(self, key=None, value=None):
        self.key, self.value = key, value
        self.newer = self.older = self


class LruCache:
    """A ring of nodes around a guard: guard.older is the newest entry, guard.newer the oldest."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.nodes = {}
        self.guard = Node()
        self.hits = self.misses = self.evictions = 0

    def _unlink(self, node):
        node.newer.older, node.older.newer = node.older, node.newer

    def _link_newest(self, node):
        node.newer, node.older = self.guard, self.guard.older
        node.newer.older = node.older.newer = node

    def get(self, key):
        node = self.nodes.get(key)
        if node is None:
            self.misses += 1
            return None
        self.hits += 1
        self._unlink(node)
        self._link_newest(node)
        return node.value

    def put(self, key, value):
        self.delete(key)
        if len(self.nodes) == self.capacity:
            self.delete(self.guard.newer.key)
            self.evictions += 1
        self.nodes[key] = node = Node(key, value)
        self._link_newest(node)

    def delete(self, key):
        node = self.nodes.pop(key, None)
        if node is not None:
            self._unlink(node)

    def keys(self):
        node = self.guard.older
        while node is not self.guard:
            yield node.key
            node = node.older
