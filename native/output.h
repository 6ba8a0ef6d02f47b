/* What a program writes to one of its streams. */
#ifndef ASSAY_OUTPUT_H
#define ASSAY_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Keeps `limit` bytes at most; one more sets `is_truncated`, and what follows is thrown away. */
struct output {
  int descriptor; /* -1 after its end */
  char *bytes;
  size_t limit;
  size_t kept;
  bool is_truncated;
};

/* The end for the program. Fatal when there can be none. */
int open_output(struct output *output, size_t limit);

void close_output(struct output *output);

/* Reads what is there, but not for ever from one that never stops. */
void read_output(struct output *output);

/* For when every writer is dead: what is in the pipe is all there will ever be. */
void drain_output(struct output *output);

#endif
