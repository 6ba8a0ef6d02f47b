#define _GNU_SOURCE
#include "output.h"

#include "base.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

/* Room for what is thrown away: a program may be a copy of this process, and what an earlier one wrote is not for it. */
#define WASTE_BYTES ((size_t)1 << 14)
static char *waste;

int open_output(struct output *output, size_t limit) {
  if (waste == NULL) waste = private_memory(WASTE_BYTES);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) die("pipe");
  *output = (struct output){.descriptor = ends[0], .bytes = private_memory(limit), .limit = limit};
  return ends[1];
}

void close_output(struct output *output) {
  if (output->descriptor >= 0) close(output->descriptor);
  release_private(output->bytes, output->limit);
}

void read_output(struct output *output) {
  for (int turn = 0; turn < 16 && output->descriptor >= 0; turn++) {
    size_t room = output->limit - output->kept;
    ssize_t got = room > 0 ? read(output->descriptor, output->bytes + output->kept, room) : read(output->descriptor, waste, WASTE_BYTES);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      close(output->descriptor);
      output->descriptor = -1;
      return;
    }
    if (room > 0) output->kept += (size_t)got;
    else output->is_truncated = true;
    if (output->is_truncated) return;
  }
}

void drain_output(struct output *output) {
  while (output->descriptor >= 0 && !output->is_truncated) {
    struct pollfd waiting = {.fd = output->descriptor, .events = POLLIN};
    int count = poll(&waiting, 1, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    read_output(output);
  }
}
