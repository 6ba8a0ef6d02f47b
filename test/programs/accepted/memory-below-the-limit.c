// Verdict: accepted
// Outcome: exited 0
// Stdout: "200 times 128 MiB\n"
// Why: memory that is given back can be used again, and what is asked for and not touched costs nothing.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
int main(void) {
  int turns = 0;
  for (; turns < 200; turns++) {
    char *volatile block = mmap(NULL, 128 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return 1;
    memset(block, 1, 1 << 16);
    munmap(block, 128 << 20);
  }
  printf("%d times 128 MiB\n", turns);
  return 0;
}
