#define _GNU_SOURCE
#include "counters.h"

#include "base.h"
#include "protocol.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* First number of a file, or the number after `key`. */
static uint64_t read_counter(int descriptor, const char *key) {
  char text[4096];
  ssize_t length = pread(descriptor, text, sizeof text - 1, 0);
  if (length < 0) die("counter");
  text[length] = '\0';
  const char *at = text;
  if (key != NULL) {
    size_t key_length = strlen(key);
    for (at = text; strncmp(at, key, key_length) != 0 || at[key_length] != ' '; at++) {
      at = strchr(at, '\n');
      if (at == NULL) return 0;
    }
    at += key_length;
  }
  return strtoull(at, NULL, 10);
}

/* cgroup v1 gives one number in nanoseconds, v2 lines of names and microseconds. */
static bool cpu_counter_is_keyed;

void find_counters(void) {
  char text[64] = {0};
  if (pread(CPU_COUNTER, text, sizeof text - 1, 0) <= 0) die("CPU counter");
  cpu_counter_is_keyed = text[0] < '0' || text[0] > '9';
}

uint64_t cpu_used_us(void) {
  return cpu_counter_is_keyed ? read_counter(CPU_COUNTER, "usage_usec") : read_counter(CPU_COUNTER, NULL) / 1000;
}

uint64_t out_of_memory_kills(void) { return read_counter(OOM_COUNTER, "oom_kill"); }
