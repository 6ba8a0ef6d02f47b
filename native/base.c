#define _GNU_SOURCE
#include "base.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
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

bool write_parts(int descriptor, struct iovec *parts, size_t count) {
  for (;;) {
    for (; count > 0 && parts->iov_len == 0; count--) parts++;
    if (count == 0) return true;
    ssize_t put = writev(descriptor, parts, (int)count);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    for (size_t left = (size_t)put; left > 0; parts++, count--) {
      size_t of_this = left < parts->iov_len ? left : parts->iov_len;
      left -= of_this;
      parts->iov_base = (char *)parts->iov_base + of_this;
      parts->iov_len -= of_this;
      if (parts->iov_len > 0) break;
    }
  }
}

bool bring_loopback_up(void) {
  int connection = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (connection < 0) return false;
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  bool good = ioctl(connection, SIOCSIFFLAGS, &request) == 0;
  return close(connection) == 0 && good;
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

#define PART_BYTES ((size_t)1 << 16)

void copy_through(int source, int target, uint64_t length, const char *what) {
  if (length == 0) return;
  char *buffer = private_memory(PART_BYTES);
  for (uint64_t left = length; left > 0;) {
    size_t part = left < PART_BYTES ? (size_t)left : PART_BYTES;
    errno = 0;
    if (!read_whole(source, buffer, part)) die("the worker went away");
    if (!write_whole(target, buffer, part)) die(what);
    left -= part;
  }
  release_private(buffer, PART_BYTES);
}
