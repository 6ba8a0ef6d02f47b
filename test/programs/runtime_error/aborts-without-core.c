/* Verdict: runtime_error
 * Outcome: signalled SIGABRT
 * Why: a program that may not make core files ends by its signal all the same.
 */
#include <stdlib.h>
#include <sys/resource.h>

int main(void) {
  struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  if (setrlimit(RLIMIT_CORE, &unlimited) == 0) return 0;
  abort();
}
