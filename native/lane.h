/*
 * A lane: what bubblewrap (or an OCI runtime) is paid for once. Its first process keeps nothing of any submission. It starts
 * one supervisor after the other, each for one submission and in namespaces of its own, and never reads a request itself:
 * the supervisor reads from the pipe that the lane was given, to the end of its submission and not a byte further.
 *
 * A lane may live in the image of a *template*: an interpreter that has started and stopped just before it would run a
 * program. Programs are then copies of it that go on from there, which saves them the interpreter's start.
 */
#ifndef ASSAY_LANE_H
#define ASSAY_LANE_H

#include <stdbool.h>

/* What supervisors are started with. */
struct lane {
  bool keeps_namespaces; /* user, network, host name and cgroup namespaces are the lane's, not the submission's */
  bool is_template;
};

/*
 * Serves submissions until the worker closes its end, then ends the process. Returns in the image of a template only, as the
 * process of a program, with the number of its arguments.
 */
int serve_lane(struct lane lane);

/* The program's arguments, once `serve_lane` has returned. */
char **given_arguments(void);

/* For stub.c: leaves everything that the copy was in the middle of, and goes on where the template stopped. */
_Noreturn void go_on_as_program(int count, char **arguments);
const char *template_name(void);

#endif
