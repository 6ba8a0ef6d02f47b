/* Takes one submission's requests from the worker on descriptor 0 and answers on 1; README.md tells the protocol. */
#ifndef ASSAY_SUPERVISOR_H
#define ASSAY_SUPERVISOR_H

#include <stdbool.h>

/*
 * Exit statuses: the worker is done with this submission, and maybe the lane's own network, if it was that, is not as new any
 * more; the worker is done with us (0); anything else is a failure.
 */
enum { SUBMISSION_ENDED = 64, SUBMISSION_USED_NETWORK = 65 };

struct supervision {
  bool has_new_network; /* its loopback is still down */
  bool is_template;     /* programs may be copies of this process */
};

/*
 * Everything that goes wrong here ends the process, and with it the lane: the worker then reports a failure of its own and
 * throws the sandbox away. Programs in a template's image inherit this process's memory, so that nothing of an earlier test
 * may lie in it but in `private_memory`.
 */
_Noreturn void serve_submission(struct supervision supervision);

#endif
