/* Verdict: time_limit_exceeded
 * Outcome: cpu_limit wall_limit
 * Limits: {"cpuTimeMs": 300, "wallTimeMs": 1000}
 * Why: every process leaves its parent's session and forks again. (A refused fork waits a little: the kernel frees what it
 * took for each only later, which could otherwise reach the memory limit first.)
 */
#include <unistd.h>
int main(void) {
  for (;;) {
    pid_t pid = fork();
    if (pid == 0) setsid();
    if (pid < 0) usleep(1000);
  }
}
