// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"memoryMiB": 96}
// Why: each child holds less than a tenth of the limit, all of them hold more, and the first process holds nothing.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int devnull = open("/dev/null", O_WRONLY);
  for (int child = 0; child < 16; child++) {
    if (fork() != 0) continue;
    char *held = malloc(8 << 20);
    if (held != NULL) memset(held, 1, 8 << 20);
    if (write(devnull, held, 8 << 20) < 0) return 1;
    sleep(1);
    _exit(0);
  }
  while (wait(NULL) > 0) {
  }
  return 0;
}
