/*
 * What the kernel shows of a copy of the template: its command line and its environment are read from the process's own
 * memory, where the template's were put when it was executed. All of this is best effort: without /proc nobody can see it,
 * and a kernel that does not let us say where they are goes on showing the template's arguments.
 */
#ifndef ASSAY_APPEARANCE_H
#define ASSAY_APPEARANCE_H

/* In the template, once: `variable` and all that follow it in the environment that it was executed with are not shown. */
void hide_environment_from(const char *variable);

/* In a copy: the template's command line, followed by these arguments. The first one, the entrypoint, is the template's. */
void show_arguments(int count, char **arguments);

#endif
