#define _GNU_SOURCE
#include "base.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

void die(const char *what) {
  dprintf(2, "assay-supervisor: %s: %s\n", what, strerror(errno));
  _exit(125);
}

bool read_whole(int descriptor, void *bytes, size_t length) {
  char *at = bytes;
  while (length > 0) {
    ssize_t got = read(descriptor, at, length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == ECONNRESET) return false;
    if (got < 0) die("read");
    if (got == 0) return false;
    at += got;
    length -= (size_t)got;
  }
  return true;
}

bool write_whole(int descriptor, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t put = write(descriptor, at, length);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += put;
    length -= (size_t)put;
  }
  return true;
}

uint64_t now_us(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) die("clock");
  return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

void *private_memory(size_t length) {
  void *memory = mmap(NULL, length == 0 ? 1 : length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED || madvise(memory, length == 0 ? 1 : length, MADV_DONTFORK) != 0) die("memory");
  return memory;
}

void release_private(void *memory, size_t length) {
  if (munmap(memory, length == 0 ? 1 : length) != 0) die("munmap");
}
