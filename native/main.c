/*
 * Starts a lane: `supervisor [--keep-namespaces]`, or, in the image of an interpreter that then loads the lane itself
 * (template/), `supervisor [--keep-namespaces] --template NAME=VALUE… /path/of/interpreter argument…`.
 */
#define _GNU_SOURCE
#include "base.h"
#include "lane.h"
#include "protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * The interpreter looks at its standard streams while it starts, and keeps what it saw: they must be of the kinds that
 * programs are given, a file of memory and two streams. Replies and complaints are streams already.
 */
static void stand_in_for_input(void) {
  if (dup2(0, REQUESTS_ASIDE) < 0) die("requests");
  int input = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (input < 0 || fcntl(input, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) die("standard input");
  if (dup2(input, 0) < 0) die("standard input");
  close(input);
}

static _Noreturn void become_interpreter(struct lane lane, char **words) {
  char **environment = words;
  char *path = NULL;
  for (; *words != NULL; words++) {
    if ((*words)[0] != '/') continue;
    path = *words;
    break;
  }
  errno = EINVAL;
  if (path == NULL) die("no interpreter was named");
  size_t variables = (size_t)(words - environment);
  char *variable_list[64];
  if (variables + 1 >= sizeof variable_list / sizeof variable_list[0]) die("too many variables");
  memcpy(variable_list, environment, variables * sizeof *environment);
  if (lane.keeps_namespaces) variable_list[variables++] = "ASSAY_KEEP_NAMESPACES=1";
  variable_list[variables] = NULL;
  stand_in_for_input();
  /* Where the kernel puts a program's stack and its libraries depends on this, and threads get their stacks by it. */
  struct rlimit stack;
  if (getrlimit(RLIMIT_STACK, &stack) == 0) {
    stack.rlim_cur = stack.rlim_max < TEMPLATE_STACK_BYTES ? stack.rlim_max : TEMPLATE_STACK_BYTES;
    (void)setrlimit(RLIMIT_STACK, &stack);
  }
  execve(path, words, variable_list);
  die(path);
}

int main(int count, char **words) {
  struct lane lane = {0};
  int at = 1;
  if (at < count && strcmp(words[at], "--keep-namespaces") == 0) {
    lane.keeps_namespaces = true;
    at++;
  }
  if (at < count && strcmp(words[at], "--template") == 0) become_interpreter(lane, words + at + 1);
  errno = EINVAL;
  if (at != count) die(words[at]);
  serve_lane(lane);
  return 125;
}
