/*
 * What an interpreter loads and calls when it is to be a template: three functions, in a shared library with everything
 * but the main program.
 */
#define _GNU_SOURCE
#include "../base.h"
#include "../lane.h"
#include "../protocol.h"
#include "appearance.h"
#include "ending.h"

#include <unistd.h>

/*
 * `own_variable`: the first variable in the environment that is the lane's and no program's. Returns in the processes of
 * programs only, with the number of arguments, the entrypoint being the first.
 */
int assay_serve(int keeps_namespaces, const char *own_variable) {
  hide_environment_from(own_variable);
  if (dup2(REQUESTS_ASIDE, 0) < 0) die("requests");
  int count = serve_lane((struct lane){.keeps_namespaces = keeps_namespaces != 0, .is_template = true});
  show_arguments(count, given_arguments());
  return count;
}

const char *assay_argument(int index) { return given_arguments()[index]; }

/* False: the interpreter ends as ever. See ending.h. */
int assay_ask_before_the_end(void *watchers, void *nothing_is_left) { return ask_before_the_end(watchers, nothing_is_left); }
