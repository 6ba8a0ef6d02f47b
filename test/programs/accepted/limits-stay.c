// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: raises its own limits, opens files without end, locks memory.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
int main(void) {
  const int limits[] = {RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_CPU, RLIMIT_CORE, RLIMIT_NPROC, RLIMIT_MEMLOCK};
  struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  int found = 0, opened = 0;
  for (unsigned index = 0; index < sizeof limits / sizeof *limits; index++) {
    if (setrlimit(limits[index], &unlimited) == 0) found += printf("limit %d\n", limits[index]);
  }
  while (opened < 100000 && open("/dev/null", O_RDONLY) >= 0) opened++;
  if (errno != EMFILE || opened > 1024) found += printf("%d files, error %d\n", opened, errno);
  void *block = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mlock(block, 64 << 20) == 0) found += printf("locked memory\n");
  if (nice(-10) != -1) found += printf("nicer\n");
  if (found == 0) puts("contained");
  return 0;
}
