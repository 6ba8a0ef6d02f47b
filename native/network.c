#define _GNU_SOURCE
#include "network.h"

#include "base.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/*
 * What the kernel counts and keeps in a network namespace, and programs can read. Those after the first two may be missing,
 * where there is no IPv6. Its flow labels live on for a minute after whoever made them, and hold whatever one likes; its
 * routes remember which processors looked them up. Neither moves a counter.
 */
static const char *const STATISTICS[] = {"/proc/net/dev", "/proc/net/snmp", "/proc/net/snmp6", "/proc/net/ip6_flowlabel", "/proc/net/ipv6_route"};
enum { STATISTICS_ALWAYS = 2 };
enum { STATISTICS_COUNT = sizeof STATISTICS / sizeof STATISTICS[0] };
/* Of the network namespace that tests are given: the files, -1 where there is none, and what they said before any test. */
static struct {
  int descriptors[STATISTICS_COUNT];
  char texts[STATISTICS_COUNT][1 << 14];
  size_t lengths[STATISTICS_COUNT];
} network = {.descriptors = {-1, -1, -1, -1, -1}};

static size_t read_statistics(int descriptor, char *text, size_t size) {
  size_t length = 0;
  while (descriptor >= 0 && length < size) {
    ssize_t got = pread(descriptor, text + length, size - length, (off_t)length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) die("statistics of the network");
    if (got == 0) break;
    length += (size_t)got;
  }
  return length;
}

void watch_network(void) {
  for (size_t index = 0; index < STATISTICS_COUNT; index++) {
    if (network.descriptors[index] >= 0) close(network.descriptors[index]);
    network.descriptors[index] = open(STATISTICS[index], O_RDONLY | O_CLOEXEC);
    if (network.descriptors[index] < 0 && (errno != ENOENT || index < STATISTICS_ALWAYS)) die(STATISTICS[index]);
    network.lengths[index] = read_statistics(network.descriptors[index], network.texts[index], sizeof network.texts[index]);
  }
}

/* False also when that cannot be known; every test then has a network of its own. */
static bool was_network_used(void) {
  for (size_t index = 0; index < STATISTICS_COUNT; index++) {
    char text[sizeof network.texts[index]];
    size_t length = read_statistics(network.descriptors[index], text, sizeof text);
    if (length != network.lengths[index] || memcmp(text, network.texts[index], length) != 0) return true;
  }
  return false;
}

bool is_network_watched(void) { return network.descriptors[0] >= 0; }

bool renew_used_network(void) {
  if (!was_network_used()) return false;
  if (unshare(CLONE_NEWNET) != 0 || !bring_loopback_up()) die("network namespace");
  watch_network();
  return true;
}
