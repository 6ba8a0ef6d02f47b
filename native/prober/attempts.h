/* What the prober tries: system calls and sockets that a program in the sandbox must not have. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct attempt {
  const char *name;
  /* -1 with errno when it was refused, as a system call. Runs in a process of its own. */
  long (*run)(void);
};

struct socket_attempt {
  const char *name;
  int family, type, protocol;
};

extern const struct attempt attempts[];
extern const size_t attempt_count;
extern const struct socket_attempt socket_attempts[];
extern const size_t socket_attempt_count;
