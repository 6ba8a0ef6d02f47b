/* Verdict: memory_limit_exceeded
 * Outcome: memory_limit
 * Needs: cgroup
 * Limits: {"memoryMiB": 48}
 * Why: empty files need no space of the disk limit, but the kernel's memory for them counts as the program's.
 */
#include <stdio.h>
#include <sys/stat.h>
int main(void) {
  char name[256];
  for (unsigned number = 0;; number++) {
    snprintf(name, sizeof name, "/tmp/%0240u", number);
    mknod(name, S_IFREG | 0600, 0);
  }
}
