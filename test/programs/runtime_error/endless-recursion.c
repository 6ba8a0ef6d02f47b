/* Verdict: runtime_error
 * Outcome: signalled SIGSEGV
 * Why: the stack has an end, below the memory limit.
 */
#include <stdio.h>

static volatile int depth;

__attribute__((noinline)) static int dive(volatile char *above) {
  volatile char frame[4096];
  frame[0] = above[0];
  depth++;
  return dive(frame) + frame[0];
}

int main(void) {
  volatile char start = 1;
  printf("%d\n", dive(&start));
  return 0;
}
