// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: forges the sandbox's own reports on every descriptor that may be open; only the three streams are.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  const char frame[] = "\1\202\0\0\50\0\0\0{\"exitCode\":0}exited 0\nready\n";
  int found = 0;
  for (int descriptor = 3; descriptor < 4096; descriptor++)
    if (write(descriptor, frame, sizeof frame) >= 0) found += printf("descriptor %d\n", descriptor);
  if (lseek(1, 0, SEEK_CUR) >= 0 || lseek(2, 0, SEEK_CUR) >= 0) found += printf("files as streams\n");
  if (isatty(0) || isatty(1) || isatty(2)) found += printf("terminal\n");
  if (write(0, "x", 1) >= 0) found += printf("standard input\n");
  if (found == 0) puts("contained");
  return 0;
}
