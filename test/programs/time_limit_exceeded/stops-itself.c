// Verdict: time_limit_exceeded
// Outcome: wall_limit
// Limits: {"wallTimeMs": 600}
// Why: the whole process group is stopped, children included.
#include <signal.h>
#include <unistd.h>
int main(void) {
  fork();
  raise(SIGSTOP);
  return 0;
}
