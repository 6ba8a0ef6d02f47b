/* The few helpers that every part needs. */
#ifndef ASSAY_BASE_H
#define ASSAY_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/uio.h>

/* Linux 5.9; older C libraries do not name it. The same number on every machine. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Complains and ends the supervisor, and with it the whole sandbox: the worker discards it. */
_Noreturn void die(const char *what);

/* False at the end of the stream. An error is fatal: the other side of every descriptor read like this is ours. */
bool read_whole(int descriptor, void *bytes, size_t length);

/* False when nobody reads any more, or the file is full. */
bool write_whole(int descriptor, const void *bytes, size_t length);

/* The same for several pieces, one after the other. Changes `parts`. */
bool write_parts(int descriptor, struct iovec *parts, size_t count);

/* In a network namespace of ours. False, with errno, when the kernel refuses. */
bool bring_loopback_up(void);

/* Monotonic, in microseconds. */
uint64_t now_us(void);

/*
 * Memory that no forked process gets a copy of: what one test reads or writes shall not be in the first process of the
 * next. `release_private` takes the same length.
 */
void *private_memory(size_t length);
void release_private(void *memory, size_t length);

/* Moves exactly that many bytes, through private memory. Fatal, as `what`, when they cannot be written. */
void copy_through(int source, int target, uint64_t length, const char *what);

#endif
