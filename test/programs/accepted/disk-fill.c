// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: writes into every folder of the machine until it is refused.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
  const char *const writable[] = {"/box", "/tmp", "/dev/shm"};
  const char *const others[] = {"/", "/usr", "/usr/bin", "/usr/local", "/etc", "/dev", "/proc", "/run", "/opt", "/var", "/home", "/root", "/srv", "/lib"};
  char path[64];
  int found = 0;
  for (int folder = 0; folder < 3; folder++) {
    snprintf(path, sizeof path, "%s/big", writable[folder]);
    int file = open(path, O_CREAT | O_WRONLY, 0600);
    long written = 0, part;
    while ((part = write(file, block, sizeof block)) > 0 && written < 64 << 20) written += part;
    if (file < 0 || errno != ENOSPC || written > 16 << 20) found += printf("%s: %ld, error %d\n", path, written, errno);
    close(file);
    unlink(path);
  }
  for (unsigned folder = 0; folder < sizeof others / sizeof *others; folder++) {
    snprintf(path, sizeof path, "%s/x", others[folder]);
    if (open(path, O_CREAT | O_WRONLY, 0600) >= 0) found += printf("%s\n", path);
  }
  if (found == 0) puts("contained");
  return 0;
}
