// Verdict: wrong_answer
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "2\n"
// Answer: "3\n"
// Why: a product.
#include <stdio.h>
int main(void) {
  int a, b;
  if (scanf("%d %d", &a, &b) != 2) return 1;
  printf("%d\n", a * b);
  return 0;
}
