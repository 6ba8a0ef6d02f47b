// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"memoryMiB": 64}
// Why: a vector without end.
#include <vector>
int main() {
  std::vector<std::vector<char>> held;
  for (;;) held.emplace_back(1 << 20, 'x');
}
