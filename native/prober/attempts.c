#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/*
 * Newer than the headers of the oldest C library that this is built with. From asm-generic/unistd.h: from 424 on a call has the
 * same number on every architecture.
 */
enum {
  CALL_OPEN_TREE = 428,
  CALL_FSOPEN = 430,
  CALL_CLONE3 = 435,
  CALL_PIDFD_OPEN = 434,
  CALL_PIDFD_GETFD = 438,
  CALL_MOUNT_SETATTR = 442,
  CALL_MEMFD_SECRET = 447,
};

/* A new namespace by clone: the child, if there is one, is none of anybody's. */
static long clone_with(unsigned long flags) {
  long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  return child;
}

static long new_user(void) { return unshare(CLONE_NEWUSER); }
static long new_mount(void) { return unshare(CLONE_NEWNS); }
static long new_pid(void) { return unshare(CLONE_NEWPID); }
static long new_network(void) { return unshare(CLONE_NEWNET); }
static long new_ipc(void) { return unshare(CLONE_NEWIPC); }
static long new_cgroup(void) { return unshare(CLONE_NEWCGROUP); }
static long cloned_user(void) { return clone_with(CLONE_NEWUSER); }
static long cloned_all(void) { return clone_with(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET); }

static long clone3_user(void) {
  uint64_t arguments[8] = {CLONE_NEWUSER, [4] = SIGCHLD};
  long child = syscall(CALL_CLONE3, arguments, sizeof arguments);
  if (child == 0) _exit(0);
  return child;
}

static long enter_namespace(void) {
  int own = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
  /* Without /proc: a descriptor of something else, for which a call that is let through says EINVAL. */
  if (own < 0) own = open("/dev/null", O_RDONLY | O_CLOEXEC);
  long result = setns(own, 0);
  return result == -1 && errno == EINVAL ? 0 : result;
}

static long trace_me(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static long trace_first(void) { return ptrace(PTRACE_SEIZE, 1, NULL, NULL); }

static long read_memory(void) {
  static char from = 'x';
  char to;
  struct iovec target = {&to, 1}, source = {&from, 1};
  return process_vm_readv(getpid(), &target, 1, &source, 1, 0);
}

static long take_descriptor(void) {
  int self = (int)syscall(CALL_PIDFD_OPEN, getpid(), 0);
  return self < 0 ? -1 : syscall(CALL_PIDFD_GETFD, self, 0, 0);
}

static long mount_memory(void) { return mount("tmpfs", "/tmp", "tmpfs", 0, NULL); }
static long remount_root(void) { return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL); }
static long unmount_proc(void) { return umount2("/proc", MNT_DETACH); }
static long turn_root(void) { return syscall(SYS_pivot_root, "/tmp", "/tmp"); }
static long change_root(void) { return chroot("/tmp"); }
static long open_file_system(void) { return syscall(CALL_FSOPEN, "tmpfs", 0); }
static long clone_tree(void) { return syscall(CALL_OPEN_TREE, AT_FDCWD, "/", 1); }

static long change_mount(void) {
  uint64_t attributes[4] = {0};
  return syscall(CALL_MOUNT_SETATTR, AT_FDCWD, "/", 0, attributes, sizeof attributes);
}

static long handle_of_root(void) {
  struct {
    struct file_handle handle;
    char room[MAX_HANDLE_SZ];
  } place = {.handle.handle_bytes = MAX_HANDLE_SZ};
  int mount_id;
  return name_to_handle_at(AT_FDCWD, "/", &place.handle, &mount_id, 0);
}

static long make_device(void) { return mknod("/tmp/device", S_IFBLK | 0600, makedev(8, 0)); }

static long key_ring(void) { return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1); }
static long add_key(void) { return syscall(SYS_add_key, "user", "assay", "x", 1, KEY_SPEC_PROCESS_KEYRING); }

static long io_ring(void) {
  struct io_uring_params parameters = {0};
  return syscall(SYS_io_uring_setup, 1, &parameters);
}

static long performance_counter(void) {
  struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_TASK_CLOCK, .exclude_kernel = 1};
  return syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
}

static long bpf_map(void) {
  union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
  return syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map);
}

/* 1: faults of user space only, which needs no privilege. */
static long fault_handler(void) { return syscall(SYS_userfaultfd, 1 | O_CLOEXEC); }
static long personality_flags(void) { return syscall(SYS_personality, 0x0040000 /* ADDR_NO_RANDOMIZE */); }
static long secret_memory(void) { return syscall(CALL_MEMFD_SECRET, 0); }
static long kernel_log(void) { return syscall(SYS_syslog, 3, (char[16]){0}, 16); }

static long be_root(void) { return setresuid(0, 0, 0); }
static long be_root_group(void) { return setresgid(0, 0, 0); }
static long name_host(void) { return sethostname("assay", 5); }
static long use_swap(void) { return swapon("/tmp/none", 0); }
static long load_module(void) { return syscall(SYS_init_module, NULL, 0, ""); }
static long raise_limit(void) { return syscall(SYS_prlimit64, 0, 7 /* RLIMIT_NOFILE */, (uint64_t[2]){1u << 20, 1u << 20}, NULL); }
static long stop_machine(void) { return syscall(SYS_reboot, 0, 0, 0, NULL); }

#define ATTEMPT(function) {#function, function}
const struct attempt attempts[] = {
    ATTEMPT(new_user), ATTEMPT(new_mount), ATTEMPT(new_pid), ATTEMPT(new_network), ATTEMPT(new_ipc), ATTEMPT(new_cgroup),
    ATTEMPT(cloned_user), ATTEMPT(cloned_all), ATTEMPT(clone3_user), ATTEMPT(enter_namespace), ATTEMPT(trace_me),
    ATTEMPT(trace_first), ATTEMPT(read_memory), ATTEMPT(take_descriptor), ATTEMPT(mount_memory), ATTEMPT(remount_root),
    ATTEMPT(unmount_proc), ATTEMPT(turn_root), ATTEMPT(change_root), ATTEMPT(open_file_system), ATTEMPT(clone_tree),
    ATTEMPT(change_mount), ATTEMPT(handle_of_root), ATTEMPT(make_device), ATTEMPT(key_ring), ATTEMPT(add_key),
    ATTEMPT(io_ring), ATTEMPT(performance_counter), ATTEMPT(bpf_map), ATTEMPT(fault_handler), ATTEMPT(personality_flags),
    ATTEMPT(secret_memory), ATTEMPT(kernel_log), ATTEMPT(be_root), ATTEMPT(be_root_group), ATTEMPT(name_host),
    ATTEMPT(use_swap), ATTEMPT(load_module), ATTEMPT(raise_limit), ATTEMPT(stop_machine),
};
const size_t attempt_count = sizeof attempts / sizeof attempts[0];

/* Numbers where headers may lack the name: linux/socket.h and linux/in.h. */
const struct socket_attempt socket_attempts[] = {
    {"netlink", AF_NETLINK, SOCK_RAW, 0},
    {"packet", AF_PACKET, SOCK_RAW, 0},
    {"vsock", 40, SOCK_STREAM, 0},
    {"kernel-crypto", 38, SOCK_SEQPACKET, 0},
    {"express-data-path", 44, SOCK_RAW, 0},
    {"key-management", 15, SOCK_RAW, 2},
    {"bluetooth", 31, SOCK_RAW, 1},
    {"can", 29, SOCK_RAW, 1},
    {"tipc", 30, SOCK_SEQPACKET, 0},
    {"rds", 21, SOCK_SEQPACKET, 0},
    {"raw-ip", AF_INET, SOCK_RAW, 1},
    {"raw-ip6", AF_INET6, SOCK_RAW, 58},
    {"ping", AF_INET, SOCK_DGRAM, 1},
    {"sctp", AF_INET, SOCK_STREAM, 132},
    {"mptcp", AF_INET, SOCK_STREAM, 262},
};
const size_t socket_attempt_count = sizeof socket_attempts / sizeof socket_attempts[0];
