/* Verdict: time_limit_exceeded
 * Outcome: cpu_limit wall_limit
 * Why: every process leaves its parent's session and forks again.
 */
#include <unistd.h>
int main(void) {
  for (;;)
    if (fork() == 0) setsid();
}
