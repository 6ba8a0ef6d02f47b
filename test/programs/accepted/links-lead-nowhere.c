// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: a path that changes between two looks, and descriptors of deleted folders, lead no further than a plain path.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  int worked = 0;
  char path[64];
  mkdir("/tmp/a", 0700);
  mkdir("/tmp/a/b", 0700);
  int deep = open("/tmp/a/b", O_RDONLY | O_DIRECTORY);
  rename("/tmp/a/b", "/box/b");
  rmdir("/tmp/a/b");
  if (openat(deep, "../../../../../../etc/shadow", O_RDONLY) >= 0) worked += printf("shadow\n");
  if (openat(deep, "../../../../../../root", O_RDONLY) >= 0) worked += printf("root\n");
  snprintf(path, sizeof path, "/proc/self/fd/%d/../../../../../root", deep);
  if (open(path, O_RDONLY) >= 0) worked += printf("%s\n", path);
  if (linkat(AT_FDCWD, "/proc/self/exe", AT_FDCWD, "/tmp/exe", AT_SYMLINK_FOLLOW) == 0 && chmod("/tmp/exe", 04755) == 0) {
    struct stat file;
    if (stat("/tmp/exe", &file) == 0 && file.st_uid != getuid()) worked += printf("another user's program\n");
  }
  if (mknod("/tmp/device", S_IFCHR | 0666, 0x101) == 0) worked += printf("device\n");
  if (worked == 0) puts("contained");
  return 0;
}
