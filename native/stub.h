/*
 * The first process of a test: pid 1 of the test's own pid namespace, prepared while the test before it still runs. It
 * starts the program as pid 2 (a first process would not get signals such as SIGTERM or SIGABRT), waits for it, tells how
 * it ended and leaves; the kernel then ends whatever else is in the namespace.
 *
 * The program is another one that is executed, or, in the image of a template (lane.h), a copy of this process that goes on
 * where the template stopped.
 */
#ifndef ASSAY_STUB_H
#define ASSAY_STUB_H

#include "files.h"

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What is the same for every test. */
struct stub_settings {
  int joins; /* how many descriptors from JOIN_FIRST on */
  bool mount_proc;
  struct sock_fprog filter; /* none when its length is 0 */
};

/* What a prepared first process was prepared for. */
struct stub_shape {
  uint64_t disk_bytes;
  bool own_network;
  bool shows_protected;
};

bool is_same_shape(struct stub_shape one, struct stub_shape other);

struct stub {
  pid_t pid; /* 0: there is none */
  int control;
  int box; /* the working folder, once prepared, else -1 */
  int ipc; /* its IPC namespace, once prepared, or something else where there is no /proc */
  bool is_joining;
  struct stub_shape shape;
};

/* The program's standard streams, and where it reports; -1 for the last when it does not. */
enum { STREAM_COUNT = 4 };

struct job {
  uint64_t cpu_seconds;
  uint64_t file_bytes;
  uint64_t stack_bytes;
  uint32_t processes;
  uint32_t open_files;
  uint32_t argument_count;
  uint32_t variable_count;
  uint32_t string_bytes; /* what follows */
  uint8_t is_forked;
  uint8_t reports;
};

/* How the program ended, from the first process's own clock. */
struct end {
  int status; /* as wait4 gives it */
  uint64_t wall_us;
  uint64_t cpu_us; /* of the processes that were waited for */
  uint64_t largest_process_kib;
};

/* Starts preparing. False, with errno, when the kernel refuses. */
bool stub_start(struct stub *stub, struct stub_shape shape, const struct stub_settings *settings, const struct file_store *store);

/*
 * Lets it join the test's cgroups and give up its rights. Does not wait, unless it is still preparing: there may be one
 * test at a time in the cgroups. False when it failed; `complaint` then says why.
 */
bool stub_join(struct stub *stub, char *complaint, size_t complaint_size);

/* Waits until it can start a program at once. */
bool stub_await_ready(struct stub *stub, char *complaint, size_t complaint_size);

/* Hands over the program, with its standard streams. False when the first process is not there any more. */
bool stub_give(struct stub *stub, const struct job *job, const char *strings, const int streams[STREAM_COUNT]);

/* Kills everything of the test, waits until it is dead, and gives back the memory that no process held. */
void stub_end(struct stub *stub);

#endif
