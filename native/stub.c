#define _GNU_SOURCE
#include "stub.h"

#include "base.h"
#include "lane.h"
#include "protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the two say to each other before the job: one byte each, `FAILED` followed by a text. */
enum { PREPARED = 'p', JOIN = 'j', READY = 'r', FAILED = 'f' };

/* Files, folders and links in each file system; well above what a program needs, below what could fill the memory. */
#define MOST_INODES 65536

#define LOCKED_BYTES (64u << 10)

/* Where protected files are laid, and what a program reports to. */
#define PROTECTED_FOLDER "/grader"
enum { REPORT_DESCRIPTOR = 3 };

static int control;

/* Tells the supervisor and ends this first process. */
static _Noreturn void give_up(const char *what) {
  char text[256];
  int length = snprintf(text, sizeof text, "%c%s: %s", FAILED, what, strerror(errno));
  if (length > 0) (void)write_whole(control, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
  _exit(125);
}

static void mount_memory(const char *path, const char *mode, uint64_t bytes) {
  char options[96];
  snprintf(options, sizeof options, "size=%llu,nr_inodes=%d,mode=%s", (unsigned long long)bytes, MOST_INODES, mode);
  if (mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0) give_up(path);
}

/* Nothing that runs as the program's user can change what lies there: the file system itself is read-only. */
static void lay_protected(struct stub_shape shape, const struct file_store *store) {
  mount_memory(PROTECTED_FOLDER, "0755", shape.disk_bytes);
  if (chdir(PROTECTED_FOLDER) != 0) give_up(PROTECTED_FOLDER);
  if (!store_lay(store, true)) give_up("the protected files could not be laid");
  if (mount(NULL, PROTECTED_FOLDER, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) != 0) {
    give_up(PROTECTED_FOLDER " could not be made read-only");
  }
}

static void make_view(struct stub_shape shape, const struct stub_settings *settings, const struct file_store *store) {
  /* Nothing that is mounted from here on may reach the supervisor's view, which the next test starts from. */
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) give_up("mount propagation");
  mount_memory("/tmp", "1777", shape.disk_bytes);
  mount_memory("/box", "0755", shape.disk_bytes);
  /*
   * hidepid: a program does not find processes that it may not trace, which is this one. Otherwise it could read the
   * supervisor's arguments here, and would find more if ever a kernel let it.
   */
  if (settings->mount_proc && mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2") != 0) give_up("/proc");
  if (shape.own_network && !bring_loopback_up()) give_up("loopback");
  umask(022);
  if (shape.shows_protected) lay_protected(shape, store);
  if (chdir("/box") != 0) give_up("/box");
  if (!store_lay(store, false)) give_up("the files could not be laid into the working folder");
}

/* When the machine runs out of memory, programs shall die before the worker and its neighbours. */
static void offer_to_die_first(void) {
  /* The file belongs to us only while we can be dumped. No program of this test exists yet. */
  if (prctl(PR_SET_DUMPABLE, 1) != 0) give_up("dumpable");
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) {
    (void)write_whole(score, "1000", 4);
    close(score);
  }
  if (prctl(PR_SET_DUMPABLE, 0) != 0) give_up("dumpable");
}

static void drop_rights(const struct stub_settings *settings) {
  for (int capability = 0; capability < 64; capability++) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
      if (errno == EINVAL && capability > CAP_AUDIT_READ) break;
      give_up("bounding set");
    }
  }
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) give_up("ambient set");
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0}};
  if (syscall(SYS_capset, &header, none) != 0) give_up("capset");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up("no_new_privs");
  if (settings->filter.len > 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &settings->filter) != 0) give_up("seccomp");
}

static void close_from(int first) {
  if (syscall(SYS_close_range, (unsigned)first, ~0u, 0) == 0) return;
  struct rlimit limit;
  long most = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (long)limit.rlim_cur : 65536;
  for (long descriptor = first; descriptor < most; descriptor++) close((int)descriptor);
}

static void close_between(int after, int before) {
  if (after + 1 >= before) return;
  if (syscall(SYS_close_range, (unsigned)after + 1, (unsigned)before - 1, 0) == 0) return;
  for (int descriptor = after + 1; descriptor < before; descriptor++) close(descriptor);
}

/*
 * The supervisor was in the middle of another test when it made us. While we held that one's working folder, System V
 * memory and pipes open, they would stay after its end, and count as the next test's memory.
 */
static void close_of_earlier_test(const struct stub_settings *settings, const struct file_store *store) {
  int low = control < store->content ? control : store->content, high = control < store->content ? store->content : control;
  close_between(JOIN_FIRST + settings->joins - 1, low);
  close_between(low, high);
  close_from(high + 1);
}

/* Never above what we have ourselves: only the host's root could raise that. */
static bool limit(int resource, uint64_t value) {
  struct rlimit now;
  if (getrlimit(resource, &now) != 0) return false;
  rlim_t wanted = value < now.rlim_max ? (rlim_t)value : now.rlim_max;
  return setrlimit(resource, &(struct rlimit){wanted, wanted}) == 0;
}

/* Written by the program's process, which shares our memory until it is the program. */
static volatile const char *start_failure;
static volatile int start_errno;

static _Noreturn void fail_to_start(const char *what) {
  start_failure = what;
  start_errno = errno;
  _exit(125);
}

/* As a shell does it: by PATH without a slash, and a script without `#!` is the shell's. */
static void execute(const char *path, char **arguments, char **environment, char **scratch) {
  execve(path, arguments, environment);
  if (errno != ENOEXEC) return;
  scratch[0] = "/bin/sh";
  scratch[1] = (char *)path;
  for (size_t index = 1; (scratch[index + 1] = arguments[index]) != NULL; index++) {
  }
  execve("/bin/sh", scratch, environment);
}

struct program {
  char **arguments;
  char **environment;
  char **scratch; /* room for two arguments more */
};

/*
 * What a program's process gets from us, however it starts. NULL, or what failed. Descriptors: the standard streams, the
 * report where it has one, and nothing else.
 */
static const char *set_up(const struct job *job, const int streams[STREAM_COUNT]) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setsid();
  /* From the lowest: a received descriptor never has a number below 4 here, so none is overwritten before its turn. */
  for (int number = 0; number < (job->reports ? STREAM_COUNT : STREAM_COUNT - 1); number++) {
    if (dup2(streams[number], number) < 0) return "standard streams";
  }
  if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NOFILE, job->open_files) || !limit(RLIMIT_FSIZE, job->file_bytes) ||
      !limit(RLIMIT_STACK, job->stack_bytes) || !limit(RLIMIT_MEMLOCK, LOCKED_BYTES) || !limit(RLIMIT_MSGQUEUE, 0) ||
      !limit(RLIMIT_CPU, job->cpu_seconds) || !limit(RLIMIT_NPROC, job->processes)) {
    return "limits";
  }
  close_from(job->reports ? REPORT_DESCRIPTOR + 1 : REPORT_DESCRIPTOR);
  return NULL;
}

/* Runs in a process that shares our memory; only system calls, and what is on the stack. */
static _Noreturn void become(const struct job *job, const struct program *program, const int streams[STREAM_COUNT]) {
  /* Ours are ignored, and that would be inherited. */
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  const char *failure = set_up(job, streams);
  if (failure != NULL) fail_to_start(failure);
  const char *name = program->arguments[0];
  if (strchr(name, '/') != NULL) {
    execute(name, program->arguments, program->environment, program->scratch);
  } else {
    static const char *const folders[] = {"/usr/local/bin/", "/usr/bin/", "/bin/"};
    char path[512];
    errno = ENOENT;
    for (size_t index = 0; index < 3 && errno == ENOENT; index++) {
      if (strlen(folders[index]) + strlen(name) >= sizeof path) break;
      strcpy(path, folders[index]);
      strcat(path, name);
      execute(path, program->arguments, program->environment, program->scratch);
    }
  }
  /* The program's own mistake: told on its standard error, with a shell's exit status. */
  int error = errno;
  dprintf(2, "%s: %s\n", name, strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}

/* The descriptors of one message, at most `count`; -1 where there is none. False when the other end is closed. */
static bool receive(int connection, void *bytes, size_t length, int *descriptors, size_t count) {
  union {
    char bytes[CMSG_SPACE(4 * sizeof(int))];
    struct cmsghdr aligned;
  } room;
  struct iovec part = {bytes, length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &room, .msg_controllen = sizeof room};
  for (size_t index = 0; index < count; index++) descriptors[index] = -1;
  ssize_t got;
  do got = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len <= CMSG_LEN(count * sizeof(int))) {
    memcpy(descriptors, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
  }
  return (size_t)got == length || read_whole(connection, (char *)bytes + got, length - (size_t)got);
}

static bool send_with(int connection, const void *bytes, size_t length, const int *descriptors, size_t count) {
  union {
    char bytes[CMSG_SPACE(4 * sizeof(int))];
    struct cmsghdr aligned;
  } room = {{0}};
  struct iovec part = {(void *)bytes, length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &room, .msg_controllen = CMSG_SPACE(count * sizeof(int))};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
  ssize_t sent;
  do sent = sendmsg(connection, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent <= 0) return false;
  return (size_t)sent == length || write_whole(connection, (const char *)bytes + sent, length - (size_t)sent);
}

static uint64_t cpu_of(const struct rusage *usage) {
  return (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000u +
         (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

/* Points into `strings`, which the supervisor has counted; ends with NULL. */
static char *take_strings(char *at, char **list, uint32_t count) {
  for (uint32_t index = 0; index < count; index++) {
    list[index] = at;
    at += strlen(at) + 1;
  }
  list[count] = NULL;
  return at;
}

/* As a copy of the template. The connection to the supervisor is still open for complaints until all is set up. */
static _Noreturn void go_on(const struct job *job, const struct program *program, const int streams[STREAM_COUNT]) {
  /* As a process is that has just been executed. */
  if (prctl(PR_SET_DUMPABLE, 1) != 0) give_up("dumpable");
  (void)prctl(PR_SET_NAME, template_name());
  int complaints = fcntl(control, F_DUPFD_CLOEXEC, STREAM_COUNT);
  if (complaints < 0) give_up("descriptors");
  control = complaints;
  const char *failure = set_up(job, streams);
  if (failure != NULL) give_up(failure);
  go_on_as_program((int)job->argument_count, program->arguments);
}

static _Noreturn void run_job(void) {
  struct job job;
  int streams[STREAM_COUNT];
  if (!receive(control, &job, sizeof job, streams, STREAM_COUNT)) _exit(0);
  if (job.reports && streams[REPORT_DESCRIPTOR] < 0) give_up("job");
  char *strings = malloc(job.string_bytes + 1u);
  struct program program = {
      .arguments = calloc(job.argument_count + 1u, sizeof(char *)),
      .environment = calloc(job.variable_count + 1u, sizeof(char *)),
      .scratch = calloc(job.argument_count + 2u, sizeof(char *)),
  };
  errno = EPROTO;
  if (strings == NULL || program.arguments == NULL || program.environment == NULL || program.scratch == NULL || streams[2] < 0 ||
      !read_whole(control, strings, job.string_bytes)) {
    give_up("job");
  }
  take_strings(take_strings(strings, program.arguments, job.argument_count), program.environment, job.variable_count);

  uint64_t started_at = now_us();
  /* Not the bare system call: the C library must know that the template's copy is another process. */
  pid_t child = job.is_forked ? fork() : vfork();
  if (child < 0) give_up("fork");
  if (child == 0 && job.is_forked) go_on(&job, &program, streams);
  if (child == 0) become(&job, &program, streams);
  for (size_t index = 0; index < STREAM_COUNT; index++) close(streams[index]);
  /* A template's handlers: without one, a program cannot send a first process anything at all. */
  for (int number = 1; job.is_forked && number < NSIG; number++) signal(number, SIG_DFL);
  if (start_failure != NULL) {
    errno = start_errno;
    give_up((const char *)start_failure);
  }
  for (;;) {
    int status;
    struct rusage usage, all;
    pid_t ended = wait4(-1, &status, 0, &usage);
    if (ended < 0 && errno != EINTR) give_up("wait4");
    if (ended != child) continue;
    struct end end = {.status = status, .wall_us = now_us() - started_at};
    if (getrusage(RUSAGE_CHILDREN, &all) != 0) give_up("getrusage");
    end.cpu_us = cpu_of(&all);
    end.largest_process_kib = (uint64_t)(all.ru_maxrss > usage.ru_maxrss ? all.ru_maxrss : usage.ru_maxrss);
    char message[1 + sizeof end] = {READY};
    memcpy(message + 1, &end, sizeof end);
    (void)write_whole(control, message, sizeof message);
    /* With us goes everything else in the namespace. */
    _exit(0);
  }
}

static _Noreturn void be_first_process(struct stub_shape shape, const struct stub_settings *settings, const struct file_store *store) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up("pdeathsig");
  (void)prctl(PR_SET_NAME, "assay-test");
  close_of_earlier_test(settings, store);
  make_view(shape, settings, store);
  store_forget_protected(store);
  int box = open("/box", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (box < 0) give_up("/box");
  int ipc = settings->mount_proc ? open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC) : box;
  if (ipc < 0) give_up("/proc/self/ns/ipc");
  char said = PREPARED;
  if (!send_with(control, &said, 1, (int[]){box, ipc}, 2)) _exit(0);
  close(box);
  if (ipc != box) close(ipc);

  if (!read_whole(control, &said, 1) || said != JOIN) _exit(0);
  for (int index = 0; index < settings->joins; index++) {
    if (!write_whole(JOIN_FIRST + index, "0", 1)) give_up("cgroup");
  }
  if (settings->mount_proc) offer_to_die_first();
  /*
   * What is open here is the supervisor's: its pipes to the worker, the files, the right to join cgroups. 0 to 2 stay
   * occupied, or a received descriptor would take their number and lose its close-on-exec when it is put in place.
   */
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) give_up("/dev/null");
  for (int descriptor = 0; descriptor < 3; descriptor++) {
    if (dup2(nothing, descriptor) < 0) give_up("descriptors");
  }
  if (control != 3 && dup3(control, 3, O_CLOEXEC) < 0) give_up("descriptors");
  control = 3;
  close_from(4);
  drop_rights(settings);
  said = READY;
  if (!write_whole(control, &said, 1)) _exit(0);
  run_job();
}

bool is_same_shape(struct stub_shape one, struct stub_shape other) {
  return one.disk_bytes == other.disk_bytes && one.own_network == other.own_network && one.shows_protected == other.shows_protected;
}

bool stub_start(struct stub *stub, struct stub_shape shape, const struct stub_settings *settings, const struct file_store *store) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | (shape.own_network ? CLONE_NEWNET : 0);
  pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) {
    close(ends[0]);
    control = ends[1];
    be_first_process(shape, settings, store);
  }
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return false;
  }
  *stub = (struct stub){.pid = pid, .control = ends[0], .box = -1, .ipc = -1, .shape = shape};
  return true;
}

/* Reads what a first process that gave up says, after its first byte. */
static void read_complaint(struct stub *stub, char *complaint, size_t size) {
  size_t length = 0;
  while (length + 1 < size) {
    ssize_t got = read(stub->control, complaint + length, size - 1 - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    length += (size_t)got;
  }
  complaint[length] = '\0';
  if (length == 0) snprintf(complaint, size, "the first process of the test died");
}

bool stub_join(struct stub *stub, char *complaint, size_t size) {
  if (stub->is_joining) return true;
  char said = 0;
  int places[2];
  bool has_come = receive(stub->control, &said, 1, places, 2);
  stub->box = places[0];
  stub->ipc = places[1];
  if (!has_come || said != PREPARED) {
    read_complaint(stub, complaint, size);
    return false;
  }
  said = JOIN;
  stub->is_joining = true;
  /* A failure shows when we wait. */
  (void)write_whole(stub->control, &said, 1);
  return true;
}

bool stub_await_ready(struct stub *stub, char *complaint, size_t size) {
  char said = 0;
  if (read_whole(stub->control, &said, 1) && said == READY) return true;
  read_complaint(stub, complaint, size);
  return false;
}

bool stub_give(struct stub *stub, const struct job *job, const char *strings, const int streams[STREAM_COUNT]) {
  /* One message has at least the three; the fourth only where there is one. */
  return send_with(stub->control, job, sizeof *job, streams, job->reports ? STREAM_COUNT : STREAM_COUNT - 1) && write_whole(stub->control, strings, job->string_bytes);
}

/* Linux 4.17; older C libraries do not name them. The same numbers on every machine. */
#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif
#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif
#ifndef SEM_STAT_ANY
#define SEM_STAT_ANY 20
#endif

/*
 * System V memory, queues and semaphores outlive their processes. The kernel frees them some time after their namespace, and
 * until then they would count as the next test's memory. We stay in there, which means nothing to us.
 */
static void empty_ipc(int namespace) {
  if (setns(namespace, CLONE_NEWIPC) != 0) return;
  union {
    struct shm_info shm_info;
    struct shmid_ds shm;
    struct msginfo msg_info;
    struct msqid_ds msg;
    struct seminfo sem_info;
    struct semid_ds sem;
  } room;
  union {
    void *pointer;
  } argument = {&room};
  int last = shmctl(0, SHM_INFO, (struct shmid_ds *)&room);
  for (int index = 0; index <= last; index++) {
    int id = shmctl(index, SHM_STAT_ANY, &room.shm);
    if (id >= 0) (void)shmctl(id, IPC_RMID, NULL);
  }
  last = msgctl(0, MSG_INFO, (struct msqid_ds *)&room);
  for (int index = 0; index <= last; index++) {
    int id = msgctl(index, MSG_STAT_ANY, &room.msg);
    if (id >= 0) (void)msgctl(id, IPC_RMID, NULL);
  }
  last = semctl(0, 0, SEM_INFO, argument);
  for (int index = 0; index <= last; index++) {
    int id = semctl(index, 0, SEM_STAT_ANY, argument);
    if (id >= 0) (void)semctl(id, 0, IPC_RMID);
  }
}

void stub_end(struct stub *stub) {
  if (stub->pid == 0) return;
  kill(stub->pid, SIGKILL);
  while (waitpid(stub->pid, NULL, 0) < 0 && errno == EINTR) {
  }
  close(stub->control);
  if (stub->box >= 0) close(stub->box);
  if (stub->ipc >= 0) {
    empty_ipc(stub->ipc);
    close(stub->ipc);
  }
  *stub = (struct stub){.control = -1, .box = -1, .ipc = -1};
}
