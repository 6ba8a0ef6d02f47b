#ifndef ASSAY_ENDING_H
#define ASSAY_ENDING_H

#include <stdbool.h>

/*
 * Makes the interpreter ask before it tears itself down: where all of `watchers` (a tuple) return None and then
 * `nothing_is_left` returns True, Py_FinalizeEx has nothing to do. Its callers, and so the exit status and the signal of an
 * interrupt, stay as they are. False: it cannot be done here, and nothing has changed. All are objects of the interpreter.
 */
bool ask_before_the_end(void *watchers, void *nothing_is_left);

#endif
