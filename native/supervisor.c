#define _GNU_SOURCE
#include "supervisor.h"

#include "base.h"
#include "counters.h"
#include "files.h"
#include "network.h"
#include "output.h"
#include "protocol.h"
#include "stub.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* How often to look at the counters at least and at most, in microseconds. */
#define SHORTEST_LOOK_US 5000u
#define LONGEST_LOOK_US 50000u

static struct supervision supervision;
static struct stub_settings settings;
static struct file_store store;
/* Prepared while the last test ran, or none. */
static struct stub ahead;
static bool was_network_renewed;

static _Noreturn void refuse(const char *why) {
  errno = EPROTO;
  die(why);
}

static void answer(uint8_t type, const void *body, uint32_t length) {
  struct frame_header header = {.version = PROTOCOL_VERSION, .type = type, .length = length};
  char frame[sizeof header + 512];
  if (length > sizeof frame - sizeof header) refuse("answer");
  memcpy(frame, &header, sizeof header);
  if (length > 0) memcpy(frame + sizeof header, body, length);
  errno = 0;
  if (!write_whole(1, frame, sizeof header + length)) die("the worker went away");
}

static void tell_fault(uint32_t id, const char *what, const char *detail) {
  char body[sizeof id + 400];
  memcpy(body, &id, sizeof id);
  int length = snprintf(body + sizeof id, sizeof body - sizeof id, "%s: %s", what, detail);
  size_t most = sizeof body - sizeof id - 1;
  answer(REPLY_FAULT, body, (uint32_t)(sizeof id + ((size_t)length < most ? (size_t)length : most)));
}

static void must_read(void *bytes, size_t length) {
  errno = 0;
  if (!read_whole(0, bytes, length)) die("the worker went away");
}

static void take_hello(uint32_t length) {
  struct hello_request hello;
  if (length < sizeof hello) refuse("hello is too short");
  must_read(&hello, sizeof hello);
  size_t filter_bytes = length - sizeof hello;
  if (hello.joins < 1 || hello.joins > JOIN_MOST || hello.zero != 0 || (hello.flags & ~HELLO_MOUNT_PROC) != 0) refuse("hello");
  if (filter_bytes > MOST_FILTER_BYTES || filter_bytes % sizeof(struct sock_filter) != 0) refuse("filter");
  static struct sock_filter filter[MOST_FILTER_BYTES / sizeof(struct sock_filter)];
  must_read(filter, filter_bytes);
  settings.filter = (struct sock_fprog){.len = (unsigned short)(filter_bytes / sizeof filter[0]), .filter = filter};
  settings.joins = hello.joins;
  settings.mount_proc = (hello.flags & HELLO_MOUNT_PROC) != 0;
  for (int descriptor = JOIN_FIRST; descriptor <= HIGHEST_DESCRIPTOR; descriptor++) {
    if (descriptor >= JOIN_FIRST + hello.joins && descriptor < CPU_COUNTER) continue;
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) die("inherited descriptors");
  }
  find_counters();
  if (settings.mount_proc) watch_network();
  answer(REPLY_READY, NULL, 0);
}

static void take_put(uint32_t length) {
  struct put_request put;
  if (length < sizeof put) refuse("put is too short");
  must_read(&put, sizeof put);
  if ((put.flags & ~(PUT_EXECUTABLE | PUT_PROTECTED)) != 0 || put.zero != 0 || put.also_zero != 0 || put.path_length > length - sizeof put) refuse("put");
  char path[MOST_PATH_BYTES + 1];
  if (put.path_length > MOST_PATH_BYTES) refuse("path");
  must_read(path, put.path_length);
  path[put.path_length] = '\0';
  if (!is_storable_path(path, put.path_length)) refuse("path");
  /* It was prepared from the files of before. */
  stub_end(&ahead);
  struct new_file file = {
      .path = path,
      .executable = (put.flags & PUT_EXECUTABLE) != 0,
      .is_protected = (put.flags & PUT_PROTECTED) != 0,
      .modified_at_ms = put.modified_at_ms,
      .size = length - sizeof put - put.path_length,
  };
  store_put(&store, &file, 0);
}

/* What the worker sent, in a file that nobody can write to. */
static int take_input(uint64_t length) {
  int input = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (input < 0) die("memfd_create");
  copy_through(0, input, length, "standard input");
  if (lseek(input, 0, SEEK_SET) != 0 || fcntl(input, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) {
    die("standard input");
  }
  return input;
}

struct run {
  struct run_request request;
  struct output out, err, report;
  struct end end;
  bool has_end;
  bool has_failed;
  enum ending ending; /* why it was ended from here; 0: it was not */
  uint64_t cpu_at_start_us;
  uint64_t kills_at_start;
  uint64_t started_at;
  /* A stop that has arrived in part. */
  char stop[sizeof(struct frame_header) + sizeof(struct stop_request)];
  size_t stop_length;
  char complaint[256];
};

static bool is_any_truncated(const struct run *run) {
  return run->out.is_truncated || run->err.is_truncated || run->report.is_truncated;
}

/* While a program runs, the worker may say nothing but stop. */
static void read_stop(struct run *run) {
  ssize_t got = read(0, run->stop + run->stop_length, sizeof run->stop - run->stop_length);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) die("the worker went away");
  run->stop_length += (size_t)got;
  if (run->stop_length < sizeof run->stop) return;
  struct frame_header header;
  struct stop_request stop;
  memcpy(&header, run->stop, sizeof header);
  memcpy(&stop, run->stop + sizeof header, sizeof stop);
  if (header.version != PROTOCOL_VERSION || header.type != REQUEST_STOP || header.zero != 0 || header.length != sizeof stop) {
    refuse("a request while a program runs");
  }
  run->stop_length = 0;
  if (stop.id == run->request.id && run->ending == 0) run->ending = ENDING_STOPPED;
}

static void read_end(struct run *run, struct stub *stub) {
  char said = 0;
  if (read_whole(stub->control, &said, 1)) {
    if (said == 'r' && read_whole(stub->control, &run->end, sizeof run->end)) {
      run->has_end = true;
      return;
    }
    ssize_t length = read(stub->control, run->complaint, sizeof run->complaint - 1);
    run->complaint[length > 0 ? length : 0] = '\0';
  }
  run->has_failed = true;
}

/* How long to sleep at most. */
static int next_look_ms(const struct run *run, uint64_t cpu_us, uint64_t wall_us) {
  static long cores;
  if (cores == 0) cores = sysconf(_SC_NPROCESSORS_ONLN) > 0 ? sysconf(_SC_NPROCESSORS_ONLN) : 1;
  uint64_t wait_us = run->request.cpu_us > cpu_us ? (run->request.cpu_us - cpu_us) / (uint64_t)cores : 0;
  if (wait_us < SHORTEST_LOOK_US) wait_us = SHORTEST_LOOK_US;
  if (wait_us > LONGEST_LOOK_US) wait_us = LONGEST_LOOK_US;
  uint64_t wall_left = run->request.wall_us - wall_us;
  if (wait_us > wall_left) wait_us = wall_left;
  return (int)(wait_us / 1000) + 1;
}

/* Until the program has ended, by itself or because of a limit. */
static void watch(struct run *run, struct stub *stub) {
  while (!run->has_end && !run->has_failed && run->ending == 0) {
    uint64_t wall_us = now_us() - run->started_at, cpu_us = cpu_used_us() - run->cpu_at_start_us;
    if (out_of_memory_kills() != run->kills_at_start) run->ending = ENDING_MEMORY_LIMIT;
    else if (cpu_us >= run->request.cpu_us) run->ending = ENDING_CPU_LIMIT;
    else if (wall_us >= run->request.wall_us) run->ending = ENDING_WALL_LIMIT;
    if (run->ending != 0) return;
    struct pollfd watched[] = {
        {.fd = stub->control, .events = POLLIN},
        {.fd = 0, .events = POLLIN},
        {.fd = run->out.descriptor, .events = POLLIN},
        {.fd = run->err.descriptor, .events = POLLIN},
        {.fd = run->report.descriptor, .events = POLLIN},
    };
    int count = poll(watched, 5, next_look_ms(run, cpu_us, wall_us));
    if (count < 0 && errno != EINTR) die("poll");
    if (count <= 0) continue;
    if (watched[2].revents != 0) read_output(&run->out);
    if (watched[3].revents != 0) read_output(&run->err);
    if (watched[4].revents != 0) read_output(&run->report);
    if (is_any_truncated(run)) run->ending = ENDING_OUTPUT_LIMIT;
    if (watched[1].revents != 0) read_stop(run);
    if (watched[0].revents != 0) read_end(run, stub);
  }
}

/*
 * When several things happened, the first of these is told: stopped; memory; output; CPU time; elapsed time; how the program
 * ended. Memory comes first because the kernel's kill is what makes the rest happen, even an orderly exit.
 */
static enum ending conclude(struct run *run, uint64_t cpu_us) {
  if (run->ending == ENDING_STOPPED) return ENDING_STOPPED;
  if (run->ending == ENDING_MEMORY_LIMIT || out_of_memory_kills() != run->kills_at_start) return ENDING_MEMORY_LIMIT;
  if (is_any_truncated(run)) return ENDING_OUTPUT_LIMIT;
  if (run->ending == ENDING_CPU_LIMIT || cpu_us >= run->request.cpu_us) return ENDING_CPU_LIMIT;
  if (run->ending == ENDING_WALL_LIMIT || run->end.wall_us >= run->request.wall_us) return ENDING_WALL_LIMIT;
  if (WIFEXITED(run->end.status)) return ENDING_EXITED;
  return WTERMSIG(run->end.status) == SIGXCPU ? ENDING_CPU_LIMIT : ENDING_SIGNALLED;
}

static bool is_valid(const struct run_request *request, uint32_t length) {
  return request->string_bytes <= MOST_STRING_BYTES && request->string_bytes <= length - sizeof *request &&
         request->argument_count >= 1 && request->argument_count <= MOST_STRINGS && request->variable_count <= MOST_STRINGS &&
         request->output_bytes <= MOST_OUTPUT_BYTES && request->disk_bytes >= 1 && request->disk_bytes <= MOST_DISK_BYTES &&
         request->file_bytes <= 2 * MOST_DISK_BYTES && request->cpu_us >= 1 && request->cpu_us <= 1ull << 42 && request->wall_us >= 1 &&
         request->wall_us <= 1ull << 42 && request->processes >= 1 && request->open_files >= 3 && request->zero == 0 &&
         (request->flags & ~(uint32_t)(RUN_KEEP_FILES | RUN_OWN_NETWORK | RUN_FORKED | RUN_REPORTS | RUN_SHOWS_PROTECTED | RUN_IS_LAST)) == 0 &&
         ((request->flags & RUN_FORKED) == 0 || supervision.is_template);
}

/* Exactly as many strings as were announced, and nothing after the last one. */
static bool are_strings(const char *strings, size_t length, size_t count) {
  if (length == 0 || strings[length - 1] != '\0') return false;
  size_t found = 0;
  for (size_t index = 0; index < length; index++) found += strings[index] == '\0';
  return found == count;
}

/* A first process that has joined and waits for its program. */
static bool get_ready(struct stub *stub, struct run *run) {
  struct stub_shape shape = {
      .disk_bytes = run->request.disk_bytes,
      .own_network = !is_network_watched() || (run->request.flags & RUN_OWN_NETWORK) != 0,
      .shows_protected = (run->request.flags & RUN_SHOWS_PROTECTED) != 0 && has_protected(&store),
  };
  if (ahead.pid != 0 && !is_same_shape(ahead.shape, shape)) stub_end(&ahead);
  *stub = ahead;
  ahead = (struct stub){.control = -1, .box = -1, .ipc = -1};
  if (stub->pid == 0 && !stub_start(stub, shape, &settings, &store)) {
    snprintf(run->complaint, sizeof run->complaint, "%s", strerror(errno));
    return false;
  }
  return stub_join(stub, run->complaint, sizeof run->complaint) && stub_await_ready(stub, run->complaint, sizeof run->complaint);
}

/* What the program left is what later steps start from. */
static enum collecting keep_files(int box, uint64_t most_bytes) {
  struct file_store left;
  store_open(&left);
  enum collecting collected = store_collect(&left, box, most_bytes);
  if (collected != COLLECTED) {
    int error = errno;
    store_free(&left);
    errno = error;
    return collected;
  }
  store_move_protected(&store, &left);
  store_free(&store);
  store = left;
  return COLLECTED;
}

static void tell_result(const struct run *run, const struct result_reply *result) {
  struct frame_header header = {
      .version = PROTOCOL_VERSION,
      .type = REPLY_RESULT,
      .length = (uint32_t)(sizeof *result + run->out.kept + run->err.kept + run->report.kept),
  };
  /* In one piece: each piece wakes the worker. */
  struct iovec parts[] = {
      {&header, sizeof header},
      {(void *)result, sizeof *result},
      {run->out.bytes, run->out.kept},
      {run->err.bytes, run->err.kept},
      {run->report.bytes, run->report.kept},
  };
  errno = 0;
  if (!write_parts(1, parts, sizeof parts / sizeof parts[0])) die("the worker went away");
}

static void take_run(uint32_t length) {
  struct run run = {0};
  struct run_request *request = &run.request;
  if (length < sizeof *request) refuse("run is too short");
  must_read(request, sizeof *request);
  if (!is_valid(request, length)) refuse("run");
  char *strings = private_memory(request->string_bytes);
  must_read(strings, request->string_bytes);
  if (!are_strings(strings, request->string_bytes, request->argument_count + request->variable_count)) refuse("strings");
  int input = take_input(length - sizeof *request - request->string_bytes);

  struct stub stub;
  if (!get_ready(&stub, &run)) {
    stub_end(&stub);
    tell_fault(request->id, "the test could not be prepared", run.complaint);
    close(input);
    release_private(strings, request->string_bytes);
    return;
  }
  bool reports = (request->flags & RUN_REPORTS) != 0;
  run.report = (struct output){.descriptor = -1};
  int streams[STREAM_COUNT] = {
      input,
      open_output(&run.out, request->output_bytes),
      open_output(&run.err, request->output_bytes),
      reports ? open_output(&run.report, request->output_bytes) : -1,
  };
  struct job job = {
      /* Later than the counter, so that it speaks only when we do not come round to look. */
      .cpu_seconds = (request->cpu_us + 999999) / 1000000 + 1,
      .file_bytes = request->file_bytes,
      .stack_bytes = request->stack_bytes,
      .processes = request->processes,
      .open_files = request->open_files,
      .argument_count = request->argument_count,
      .variable_count = request->variable_count,
      .string_bytes = request->string_bytes,
      .is_forked = (request->flags & RUN_FORKED) != 0,
      .reports = reports,
  };
  run.kills_at_start = out_of_memory_kills();
  run.cpu_at_start_us = cpu_used_us();
  run.started_at = now_us();
  /* A first process that died shows as a closed connection below. */
  (void)stub_give(&stub, &job, strings, streams);
  for (size_t index = 0; index < STREAM_COUNT; index++) {
    if (streams[index] >= 0) close(streams[index]);
  }
  release_private(strings, request->string_bytes);
  bool keeps_files = (request->flags & RUN_KEEP_FILES) != 0;
  bool is_last = (request->flags & RUN_IS_LAST) != 0;
  /*
   * Not after a build, which changes what it would be prepared from, nor for a test that nobody expects. It only saves time,
   * so that a refusal is no failure.
   */
  if (!keeps_files && !is_last && !stub_start(&ahead, stub.shape, &settings, &store)) ahead = (struct stub){.control = -1, .box = -1, .ipc = -1};

  watch(&run, &stub);
  int box = keeps_files ? fcntl(stub.box, F_DUPFD_CLOEXEC, HIGHEST_DESCRIPTOR + 1) : -1;
  uint64_t ended_at = now_us();
  stub_end(&stub);
  drain_output(&run.out);
  drain_output(&run.err);
  drain_output(&run.report);
  uint64_t counted_us = cpu_used_us() - run.cpu_at_start_us;

  struct result_reply result = {
      .id = request->id,
      .flags = (uint8_t)((run.out.is_truncated ? RESULT_STDOUT_TRUNCATED : 0) | (run.err.is_truncated ? RESULT_STDERR_TRUNCATED : 0) |
                         (run.report.is_truncated ? RESULT_REPORT_TRUNCATED : 0)),
      .stdout_bytes = (uint32_t)run.out.kept,
      .stderr_bytes = (uint32_t)run.err.kept,
      .report_bytes = (uint32_t)run.report.kept,
      .largest_process_kib = (uint32_t)run.end.largest_process_kib,
      .cpu_us = counted_us > run.end.cpu_us ? counted_us : run.end.cpu_us,
      .wall_us = run.has_end ? run.end.wall_us : ended_at - run.started_at,
  };
  /* The kernel may have taken the first process to free memory; that is the program's doing. */
  bool is_ours = run.has_failed && run.ending == 0 && out_of_memory_kills() == run.kills_at_start;
  result.ending = is_ours ? 0 : (uint8_t)conclude(&run, result.cpu_us);
  if (result.ending == ENDING_EXITED) result.code = (uint32_t)WEXITSTATUS(run.end.status);
  if (result.ending == ENDING_SIGNALLED) result.code = (uint32_t)WTERMSIG(run.end.status);

  bool collecting_failed = false;
  if (keeps_files && (result.ending == ENDING_EXITED || result.ending == ENDING_SIGNALLED)) {
    enum collecting collected = keep_files(box, request->disk_bytes);
    if (collected == COLLECTED) result.flags |= RESULT_FILES_KEPT;
    else if (collected == COLLECTED_TOO_LARGE) result.ending = ENDING_OUTPUT_LIMIT;
    else collecting_failed = true;
  }
  if (box >= 0) close(box);

  if (is_ours) {
    tell_fault(request->id, "the first process of the test failed", run.complaint);
  } else if (collecting_failed) {
    tell_fault(request->id, "the working folder could not be collected", strerror(errno));
  } else {
    tell_result(&run, &result);
  }
  close_output(&run.out);
  close_output(&run.err);
  if (reports) close_output(&run.report);
  /* From here on, while the worker reads the answer. */
  if (renew_used_network()) {
    /* It was prepared in the old one. */
    stub_end(&ahead);
    was_network_renewed = true;
  }
  if (ahead.pid != 0 && !stub_join(&ahead, run.complaint, sizeof run.complaint)) stub_end(&ahead);
  if (run.stop_length > 0) {
    /* The rest of a stop that came too late. */
    must_read(run.stop + run.stop_length, sizeof run.stop - run.stop_length);
    struct frame_header header;
    memcpy(&header, run.stop, sizeof header);
    if (header.version != PROTOCOL_VERSION || header.type != REQUEST_STOP) refuse("a request while a program runs");
  }
}

static void take_late_stop(uint32_t length) {
  struct stop_request stop;
  if (length != sizeof stop) refuse("stop");
  must_read(&stop, sizeof stop);
}

/* The worker is done with the submission. Nothing of it may be left when the next one begins. */
static _Noreturn void end_submission(uint32_t length) {
  if (length != 0) refuse("end");
  stub_end(&ahead);
  _exit(was_network_renewed && !supervision.has_new_network ? SUBMISSION_USED_NETWORK : SUBMISSION_ENDED);
}

void serve_submission(struct supervision given) {
  supervision = given;
  store_open(&store);
  ahead = (struct stub){.control = -1, .box = -1, .ipc = -1};
  if (supervision.has_new_network && !bring_loopback_up()) die("loopback");
  for (bool is_greeted = false;;) {
    struct frame_header header;
    /* The worker closes its end when it needs us no more. */
    if (!read_whole(0, &header, sizeof header)) break;
    if (header.version != PROTOCOL_VERSION || header.zero != 0 || header.length > MOST_FRAME_BYTES) refuse("frame");
    if (is_greeted == (header.type == REQUEST_HELLO)) refuse("hello comes first, and once");
    is_greeted = true;
    switch (header.type) {
      case REQUEST_HELLO: take_hello(header.length); break;
      case REQUEST_PUT: take_put(header.length); break;
      case REQUEST_RUN: take_run(header.length); break;
      case REQUEST_STOP: take_late_stop(header.length); break;
      case REQUEST_END: end_submission(header.length);
      default: refuse("frame type");
    }
  }
  stub_end(&ahead);
  _exit(0);
}
