// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Needs: cgroup
// Limits: {"cpuTimeMs": 200}
// Why: each child uses a little CPU time and ends unseen: nobody waits for it.
#include <signal.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    if (fork() == 0) {
      while (clock() < CLOCKS_PER_SEC / 20) {
      }
      _exit(0);
    }
    usleep(30000);
  }
}
