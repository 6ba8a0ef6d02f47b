// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"memoryMiB": 48, "diskMiB": 128}
// Why: a file is allocated in one call, and never written.
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>
int main(void) {
  int file = open("/box/big", O_CREAT | O_RDWR, 0600);
  return posix_fallocate(file, 0, 120 << 20);
}
