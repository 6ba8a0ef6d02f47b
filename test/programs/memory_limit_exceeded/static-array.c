// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"memoryMiB": 64}
// Why: an array that costs nothing in the program's file, until it is written.
#include <stdio.h>
static char field[512 << 20];
int main(void) {
  for (long index = 0; index < (long)sizeof field; index += 4096) field[index] = 1;
  printf("%d\n", field[4096]);
  return 0;
}
