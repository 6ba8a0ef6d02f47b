// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: open by descriptor and by climbing up from every folder that can be opened.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int found;

static void attempt(int folder, const char *path) {
  char byte;
  int file = openat(folder, path, O_RDONLY);
  if (file < 0) return;
  if (read(file, &byte, 1) == 1) {
    found++;
    printf("%s\n", path);
  }
  close(file);
}

int main(void) {
  const char *const folders[] = {"/", "/box", "/tmp", "/usr", "/proc/self/fd", "/proc/self/task", "/proc/1", "/dev", "/dev/shm"};
  const char *const paths[] = {"etc/shadow", "../etc/shadow", "../../../../../../etc/shadow", "root/etc/shadow", "cwd/etc/shadow",
                               "../../../../root/.bashrc", "../../../../proc/1/environ", "mem", "../../../../etc/hostname"};
  for (unsigned folder = 0; folder < sizeof folders / sizeof *folders; folder++) {
    int descriptor = open(folders[folder], O_RDONLY | O_DIRECTORY);
    if (descriptor < 0) continue;
    for (unsigned path = 0; path < sizeof paths / sizeof *paths; path++) attempt(descriptor, paths[path]);
    close(descriptor);
  }
  for (int descriptor = 3; descriptor < 1024; descriptor++) {
    if (fcntl(descriptor, F_GETFD) >= 0) {
      found++;
      printf("descriptor %d\n", descriptor);
    }
  }
  if (found == 0) puts("contained");
  return 0;
}
