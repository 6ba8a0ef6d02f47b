// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: the old way out: an open folder above a new root, then many steps up.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
  int above = open("/", O_RDONLY | O_DIRECTORY);
  mkdir("/tmp/jail", 0700);
  if (chroot("/tmp/jail") == 0) puts("a new root");
  if (syscall(SYS_pivot_root, "/tmp/jail", "/tmp/jail") == 0) puts("another root");
  if (fchdir(above) != 0) return 1;
  for (int step = 0; step < 100; step++)
    if (chdir("..") != 0) return 1;
  if (access("root", R_OK) == 0 || access("etc/shadow", R_OK) == 0 || access("var", F_OK) == 0) puts("out");
  else puts("contained");
  return 0;
}
