// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: takes time, files and memory from the sandbox's first process, which could then not tell how the program ended.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
int main(void) {
  const int limits[] = {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_DATA, RLIMIT_AS, RLIMIT_STACK, RLIMIT_NPROC};
  const struct rlimit nothing = {0, 0};
  int found = 0;
  for (unsigned index = 0; index < sizeof limits / sizeof *limits; index++)
    if (prlimit(1, limits[index], &nothing, NULL) == 0) found += printf("limit %d\n", limits[index]);
  if (found == 0) puts("contained");
  return 0;
}
