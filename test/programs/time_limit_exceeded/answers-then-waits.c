// Verdict: time_limit_exceeded
// Outcome: wall_limit
// Limits: {"wallTimeMs": 800}
// Stdin: "1 2\n"
// Stdout: "3\n"
// Why: a right answer is worth nothing from a program that does not end.
#include <stdio.h>
#include <unistd.h>
int main(void) {
  int a, b;
  if (scanf("%d %d", &a, &b) != 2) return 1;
  printf("%d\n", a + b);
  fflush(stdout);
  for (;;) pause();
}
