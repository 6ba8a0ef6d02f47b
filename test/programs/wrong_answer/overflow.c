// Verdict: wrong_answer
// Outcome: exited 0
// Stdin: "2000000000 2000000000\n"
// Stdout: "4000000000\n"
// Answer: "4000000001\n"
// Why: well computed, and of another exercise.
#include <stdio.h>
int main(void) {
  long a, b;
  if (scanf("%ld %ld", &a, &b) != 2) return 1;
  printf("%ld\n", a + b);
  return 0;
}
