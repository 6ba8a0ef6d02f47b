// Verdict: accepted
// Outcome: exited 0
// Stdout: "50000 1023\n"
// Why: some megabytes of stack.
#include <stdio.h>
static int down(volatile int n) {
  volatile char frame[64] = {0};
  return n == 0 ? 0 : 1 + frame[n % 64] + down(n - 1);
}
static int moves(int n) { return n == 0 ? 0 : 2 * moves(n - 1) + 1; }
int main(void) {
  printf("%d %d\n", down(50000), moves(10));
  return 0;
}
