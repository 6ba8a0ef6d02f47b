// Verdict: runtime_error
// Outcome: signalled SIGABRT
// Why: a condition that does not hold.
#include <assert.h>
int main(void) {
  volatile int one = 1;
  assert(one == 2);
  return 0;
}
