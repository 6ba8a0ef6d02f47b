#define _GNU_SOURCE
#include "lane.h"

#include "base.h"
#include "protocol.h"
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where the worker shows our program, or the folder with it; taken away before any other one runs. */
#define OWN_PATH "/run/supervisor"

/* The user that programs find themselves as. */
#define INSIDE_USER 1000

static jmp_buf program_point;
static int given_count;
static char **given;
static char name_at_start[16] = "program";

char **given_arguments(void) { return given; }

const char *template_name(void) { return name_at_start; }

void go_on_as_program(int count, char **arguments) {
  given_count = count;
  given = arguments;
  longjmp(program_point, 1);
}

static void be_alone(void) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0) die("prctl");
  if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) die("signal");
  /* What a careless parent of the worker left open is nobody's business here. */
  (void)syscall(SYS_close_range, HIGHEST_DESCRIPTOR + 1, ~0u, 0);
  for (int descriptor = 0; descriptor < 3; descriptor++) {
    if (fcntl(descriptor, F_GETFD) < 0) _exit(125);
  }
  /* Programs need not see what supervises them. Elsewhere than in a sandbox there is nothing to take away. */
  (void)umount2(OWN_PATH, MNT_DETACH);
}

static bool write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  bool good = write_whole(file, text, strlen(text));
  return close(file) == 0 && good;
}

/* In a new user namespace: who we are there. Outside of it we stay who we were, the only one that is known inside. */
static void name_users(unsigned user, unsigned group) {
  char users[64], groups[64];
  snprintf(users, sizeof users, "%d %u 1", INSIDE_USER, user);
  snprintf(groups, sizeof groups, "%d %u 1", INSIDE_USER, group);
  /* The files are ours only while we can be dumped. Nobody is here who could trace us. */
  if (prctl(PR_SET_DUMPABLE, 1) != 0) die("prctl");
  if (!write_file("/proc/self/setgroups", "deny") || !write_file("/proc/self/uid_map", users) || !write_file("/proc/self/gid_map", groups)) {
    die("user namespace");
  }
  if (prctl(PR_SET_DUMPABLE, 0) != 0) die("prctl");
}

/* A new user namespace gives every right in it; a supervisor needs three. */
static void keep_few_rights(void) {
  static const int kept[] = {CAP_SYS_ADMIN, CAP_SETPCAP, CAP_NET_ADMIN};
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct rights[2] = {{0}};
  for (size_t index = 0; index < sizeof kept / sizeof kept[0]; index++) {
    rights[kept[index] / 32].effective |= 1u << kept[index] % 32;
    rights[kept[index] / 32].permitted |= 1u << kept[index] % 32;
  }
  if (syscall(SYS_capset, &header, rights) != 0) die("capset");
}

/* Of the submission's own; without a /proc nobody can be named in a user namespace. */
static unsigned long namespaces_of(struct lane lane) {
  unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC;
  if (lane.keeps_namespaces) return flags;
  flags |= CLONE_NEWNET | CLONE_NEWUTS;
  if (access("/proc/self/uid_map", F_OK) == 0) flags |= CLONE_NEWUSER;
  if (access("/proc/self/ns/cgroup", F_OK) == 0) flags |= CLONE_NEWCGROUP;
  return flags;
}

static _Noreturn void supervise(struct lane lane, unsigned long namespaces, unsigned user, unsigned group) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) die("prctl");
  (void)prctl(PR_SET_NAME, "supervisor");
  if ((namespaces & CLONE_NEWUSER) != 0) {
    name_users(user, group);
    keep_few_rights();
  }
  serve_submission((struct supervision){
      .has_new_network = (namespaces & CLONE_NEWNET) != 0,
      .is_template = lane.is_template,
  });
}

/* What a test left in the network namespace that the next submission would get; see supervisor.c. */
static void renew_network(void) {
  if (unshare(CLONE_NEWNET) != 0 || !bring_loopback_up()) die("network namespace");
}

static _Noreturn void serve(struct lane lane) {
  unsigned user = geteuid(), group = getegid();
  unsigned long namespaces = namespaces_of(lane);
  for (;;) {
    pid_t supervisor = (pid_t)syscall(SYS_clone, namespaces | SIGCHLD, 0, 0, 0, 0);
    if (supervisor < 0) die("the namespaces of a submission");
    if (supervisor == 0) supervise(lane, namespaces, user, group);
    int status;
    pid_t ended;
    do ended = waitpid(supervisor, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) die("waitpid");
    /* Whatever else it came to, nobody shall take the rest of its requests for the beginning of others. */
    if (!WIFEXITED(status)) _exit(125);
    if (WEXITSTATUS(status) == SUBMISSION_USED_NETWORK) renew_network();
    else if (WEXITSTATUS(status) != SUBMISSION_ENDED) _exit(WEXITSTATUS(status));
  }
}

/* Far more than a supervisor's stack, far less than what is left free below an interpreter's. */
#define STACK_BELOW_BYTES ((uintptr_t)8 << 20)
#define STACK_NEAR_BYTES 16384u

static __attribute__((noinline)) void forget_stack_near(void) {
  char room[STACK_NEAR_BYTES];
  explicit_bzero(room, sizeof room);
}

static __attribute__((noinline)) void forget_stack_far(void) {
  long page = sysconf(_SC_PAGESIZE);
  uintptr_t end = ((uintptr_t)__builtin_frame_address(0) - STACK_NEAR_BYTES / 2) & ~((uintptr_t)page - 1);
  /* ENOMEM: not all of it was ever used. */
  if (madvise((void *)(end - STACK_BELOW_BYTES), STACK_BELOW_BYTES, MADV_DONTNEED) != 0 && errno != ENOMEM) die("stack");
}

/*
 * A copy of the template has the supervisor's stack below its own, where numbers about earlier tests still lie: what they
 * wrote, how they ended. In two parts, because pages can be taken away whole only, and not the one we stand on.
 */
static void forget_stack(void) {
  forget_stack_near();
  forget_stack_far();
}

int serve_lane(struct lane lane) {
  (void)prctl(PR_GET_NAME, name_at_start);
  (void)prctl(PR_SET_NAME, "assay-lane");
  be_alone();
  if (setjmp(program_point) == 0) serve(lane);
  forget_stack();
  return given_count;
}
