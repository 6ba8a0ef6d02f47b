/*
 * assay-huge-pages FILE: gathers what is in memory of a program's file into pages of 2 MiB (Linux 6.1, MADV_COLLAPSE), so that
 * whoever executes it later needs few page faults and few entries of the address cache. The file lies in a tmpfs; elsewhere
 * most kernels refuse. Ends with 0 when nearly all of the file is so, with 1 and a reason on standard error when it is not.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HUGE_PAGE ((size_t)2 << 20)

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return 1;
}

int main(int count, char **words) {
  if (count != 2) {
    fprintf(stderr, "assay-huge-pages FILE\n");
    return 1;
  }
  int file = open(words[1], O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) return fail("open");
  size_t pages = (size_t)status.st_size / HUGE_PAGE;
  if (pages == 0) {
    fprintf(stderr, "too small for huge pages\n");
    return 1;
  }
  /* A place that begins at a multiple of 2 MiB. */
  char *room = mmap(NULL, (pages + 1) * HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) return fail("mmap");
  char *start = (char *)(((uintptr_t)room + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1));
  /* Executable, as it will be used: a file system that allows no programs says so here. */
  if (mmap(start, pages * HUGE_PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED) return fail("mmap");
  size_t refused = 0;
  int error = 0;
  for (size_t page = 0; page < pages; page++) {
    if (madvise(start + page * HUGE_PAGE, HUGE_PAGE, MADV_COLLAPSE) == 0) continue;
    refused++;
    error = errno;
  }
  if (refused * 10 <= pages) return 0;
  errno = error;
  return fail("madvise");
}
