// Verdict: runtime_error
// Outcome: signalled SIGFPE
// Why: an integer division by zero. (Processors that do not mind get the signal by name.)
#include <signal.h>
#include <stdio.h>
int main(void) {
  volatile int zero = 0, one = 1;
#if defined __x86_64__
  printf("%d\n", one / zero);
#else
  printf("%d\n", raise(SIGFPE) + one + zero);
#endif
  return 0;
}
