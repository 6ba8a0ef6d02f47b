// Verdict: wrong_answer
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "-1\n"
// Answer: "3\n"
// Why: a difference.
#include <cstdio>
int main() {
  int a, b;
  if (std::scanf("%d %d", &a, &b) != 2) return 1;
  std::printf("%d\n", a - b);
}
