# Verdict: accepted
# Outcome: exited 0
# Stdin: "4 4\n0 1 5\n1 2 5\n0 2 20\n2 3 1\n"
# Stdout: "11\n"
# Why: a priority queue over a graph.
import heapq, sys

numbers = iter(map(int, sys.stdin.read().split()))
size, count = next(numbers), next(numbers)
edges = {node: [] for node in range(size)}
for _ in range(count):
    start, end, length = next(numbers), next(numbers), next(numbers)
    edges[start].append((end, length))
distances, todo = {}, [(0, 0)]
while todo:
    distance, node = heapq.heappop(todo)
    if node in distances:
        continue
    distances[node] = distance
    for end, length in edges[node]:
        heapq.heappush(todo, (distance + length, end))
print(distances[size - 1])
