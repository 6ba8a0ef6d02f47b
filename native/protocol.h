/*
 * What travels between the worker and a supervisor; README.md explains it, and src/sandbox/supervisor-frames.ts is the
 * other side. All numbers are little-endian, as on every machine that the supervisor is built for.
 */
#ifndef ASSAY_PROTOCOL_H
#define ASSAY_PROTOCOL_H

#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the protocol is read in place and needs a little-endian machine"
#endif

#define PROTOCOL_VERSION 2

/* Descriptors of a lane besides 0 (requests), 1 (replies) and 2 (complaints). */
enum { JOIN_FIRST = 3, JOIN_MOST = 3, CPU_COUNTER = 6, OOM_COUNTER = 7, HIGHEST_DESCRIPTOR = 7 };

/* Where the requests are while an interpreter starts (main.c), and the stack it is started with. */
enum { REQUESTS_ASIDE = 8, TEMPLATE_STACK_BYTES = 64 << 20 };

enum request_type { REQUEST_HELLO = 1, REQUEST_PUT = 2, REQUEST_RUN = 3, REQUEST_STOP = 4, REQUEST_END = 5 };
enum reply_type { REPLY_READY = 129, REPLY_RESULT = 130, REPLY_FAULT = 131 };

struct frame_header {
  uint8_t version;
  uint8_t type;
  uint16_t zero;
  uint32_t length; /* of what follows */
};

enum { HELLO_MOUNT_PROC = 1 };

/* Followed by the filter, to the end of the frame; none when there is nothing. */
struct hello_request {
  uint8_t joins; /* how many of JOIN_FIRST… are open */
  uint8_t flags;
  uint16_t zero;
};

/* Followed by the path and the content, to the end of the frame. */
struct put_request {
  uint64_t modified_at_ms;
  uint16_t path_length;
  uint8_t flags;
  uint8_t zero;
  uint32_t also_zero;
};

enum { PUT_EXECUTABLE = 1, PUT_PROTECTED = 2 };

enum { RUN_KEEP_FILES = 1, RUN_OWN_NETWORK = 2, RUN_FORKED = 4, RUN_REPORTS = 8, RUN_SHOWS_PROTECTED = 16, RUN_IS_LAST = 32 };

/* Followed by argv and the environment as NUL-terminated strings, and by standard input, to the end of the frame. */
struct run_request {
  uint32_t id;
  uint32_t flags;
  uint64_t cpu_us;
  uint64_t wall_us;
  uint64_t output_bytes;
  uint64_t disk_bytes;
  uint64_t file_bytes;
  uint64_t stack_bytes;
  uint32_t processes;
  uint32_t open_files;
  uint32_t argument_count;
  uint32_t variable_count;
  uint32_t string_bytes;
  uint32_t zero;
};

struct stop_request {
  uint32_t id;
};

enum ending {
  ENDING_EXITED = 1,
  ENDING_SIGNALLED,
  ENDING_CPU_LIMIT,
  ENDING_WALL_LIMIT,
  ENDING_MEMORY_LIMIT,
  ENDING_OUTPUT_LIMIT,
  ENDING_STOPPED,
};

enum { RESULT_STDOUT_TRUNCATED = 1, RESULT_STDERR_TRUNCATED = 2, RESULT_FILES_KEPT = 4, RESULT_REPORT_TRUNCATED = 8 };

/* Followed by the kept bytes of standard output, standard error and the report. */
struct result_reply {
  uint32_t id;
  uint8_t ending;
  uint8_t flags;
  uint16_t zero;
  uint32_t code; /* exit status, or number of the signal */
  uint32_t stdout_bytes;
  uint32_t stderr_bytes;
  uint32_t largest_process_kib;
  uint64_t cpu_us;
  uint64_t wall_us;
  uint32_t report_bytes;
  uint32_t also_zero;
};

/* Bounds, the same on both sides. */
#define MOST_FILTER_BYTES (4096u * 8u)
#define MOST_PATH_BYTES 4095u
#define MOST_STRING_BYTES (1u << 20)
#define MOST_STRINGS 4096u
#define MOST_FRAME_BYTES (256u << 20)
#define MOST_OUTPUT_BYTES (64u << 20)
#define MOST_DISK_BYTES (16ull << 30)
#define MOST_STORED_BYTES (1ull << 30)
#define MOST_STORED_FILES 20000u

_Static_assert(sizeof(struct frame_header) == 8, "as the worker writes it");
_Static_assert(sizeof(struct hello_request) == 4, "as the worker writes it");
_Static_assert(sizeof(struct put_request) == 16, "as the worker writes it");
_Static_assert(sizeof(struct run_request) == 80, "as the worker writes it");
_Static_assert(sizeof(struct result_reply) == 48, "as the worker reads it");

#endif
