// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"memoryMiB": 64}
// Why: anonymous shared memory belongs to no process, and is counted all the same.
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  for (;;) {
    char *block = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return 1;
    if (fork() == 0) {
      memset(block, 1, 8 << 20);
      _exit(0);
    }
    wait(NULL);
  }
}
