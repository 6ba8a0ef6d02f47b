// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 200}
// Why: every signal is ignored or blocked.
#define _GNU_SOURCE
#include <signal.h>
int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
  for (volatile int turn = 0;; turn++) {
  }
}
