// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: a file with holes needs no space, so that the size of single files is limited too.
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  signal(SIGXFSZ, SIG_IGN);
  int file = open("/tmp/sparse", O_CREAT | O_RDWR, 0600);
  if (ftruncate(file, 1LL << 40) == 0) puts("truncated");
  else if (errno == EFBIG && pwrite(file, "x", 1, 1LL << 40) < 0) puts("contained");
  return 0;
}
