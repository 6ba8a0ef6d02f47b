/* Verdict: accepted
 * Outcome: exited 0
 * Stdout: "contained\n"
 * Why: becoming another user, mounting, tracing, namespaces, keyrings and what else only a machine's owner may do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int succeeded;

static void attempt(const char *name, long result) {
  if (result >= 0) {
    succeeded++;
    printf("%s worked\n", name);
  }
}

/* A forked child must not go on with the list. */
static long clone_with(unsigned long flags) {
  long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  return pid;
}

static long clone3_with(uint64_t flags) {
  struct clone_args arguments = {.flags = flags, .exit_signal = SIGCHLD};
  long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) _exit(0);
  return pid;
}

static long su(void) {
  int status;
  pid_t pid = fork();
  if (pid == 0) {
    freopen("/dev/null", "w", stderr);
    execl("/usr/bin/su", "su", "-c", "true", (char *)0);
    _exit(1);
  }
  waitpid(pid, &status, 0);
  return status == 0 ? 0 : -1;
}

int main(void) {
  char buffer[128] = {0};
  struct iovec here = {buffer, 8}, there = {(void *)0x400000, 8};

  attempt("setuid", setuid(0));
  attempt("setresuid", setresuid(0, 0, 0));
  attempt("setgroups", syscall(SYS_setgroups, 0, 0));
  attempt("su", su());
  attempt("mount", mount("t", "/tmp", "tmpfs", 0, 0));
  attempt("remount", mount(0, "/usr", 0, MS_REMOUNT | MS_BIND, 0));
  attempt("umount", umount2("/proc/1", MNT_DETACH));
  attempt("fsopen", syscall(430, "tmpfs", 0));
  attempt("open_tree", syscall(428, -100, "/", 1));
  attempt("pivot_root", syscall(SYS_pivot_root, "/tmp", "/tmp"));
  attempt("chroot", chroot("/tmp"));
  attempt("unshare user", unshare(CLONE_NEWUSER));
  attempt("unshare mount", unshare(CLONE_NEWNS));
  attempt("unshare net", unshare(CLONE_NEWNET));
  attempt("clone user", clone_with(CLONE_NEWUSER));
  attempt("clone pid", clone_with(CLONE_NEWPID));
  attempt("clone3", clone3_with(CLONE_NEWUSER));
  attempt("setns", setns(open("/proc/self/ns/net", O_RDONLY), 0));
  attempt("ptrace attach", ptrace(PTRACE_SEIZE, 1, 0, 0));
  attempt("ptrace traceme", ptrace(PTRACE_TRACEME, 0, 0, 0));
  attempt("process_vm_readv", process_vm_readv(1, &here, 1, &there, 1, 0));
  attempt("process_vm_writev", process_vm_writev(1, &here, 1, &there, 1, 0));
  attempt("pidfd_getfd", syscall(438, syscall(434, 1, 0), 0, 0));
  attempt("bpf", syscall(SYS_bpf, 0, buffer, sizeof buffer));
  attempt("perf_event_open", syscall(SYS_perf_event_open, buffer, 0, -1, -1, 0));
  attempt("userfaultfd", syscall(SYS_userfaultfd, 0));
  attempt("io_uring_setup", syscall(425, 4, buffer));
  attempt("keyctl", syscall(SYS_keyctl, 0, -3, 0));
  attempt("add_key", syscall(SYS_add_key, "user", "x", "y", 1, -3));
  attempt("request_key", syscall(SYS_request_key, "user", "x", 0, -3));
  attempt("syslog", syscall(SYS_syslog, 3, buffer, 8));
  attempt("reboot", syscall(SYS_reboot, 0xfee1dead, 672274793, 0, 0));
  attempt("init_module", syscall(SYS_init_module, 0, 0, ""));
  attempt("kexec_load", syscall(SYS_kexec_load, 0, 0, 0, 0));
  attempt("swapon", syscall(SYS_swapon, "/tmp/x", 0));
  attempt("sethostname", sethostname("x", 1));
  attempt("name_to_handle_at", syscall(SYS_name_to_handle_at, -100, "/", buffer, buffer, 0));
  attempt("open_by_handle_at", syscall(SYS_open_by_handle_at, -100, buffer, 0));
  attempt("personality", syscall(SYS_personality, 0x0040000));
  attempt("mknod device", syscall(SYS_mknodat, -100, "/tmp/m", 020666, 0x103));
  attempt("TIOCSTI", ioctl(0, 0x5412, "x"));
  attempt("TIOCLINUX", ioctl(0, 0x541c, "x"));
  attempt("core_pattern", open("/proc/sys/kernel/core_pattern", O_WRONLY));
  attempt("sysrq", open("/proc/sysrq-trigger", O_WRONLY));
  attempt("oom score", open("/proc/1/oom_score_adj", O_WRONLY));
#ifdef __x86_64__
  attempt("x32", syscall(0x40000000 | SYS_getpid));
  attempt("iopl", syscall(SYS_iopl, 3));
#endif
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) attempt("new privileges", 0);
  if (succeeded == 0) puts("contained");
  return 0;
}
