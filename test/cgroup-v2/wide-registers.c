/*
 * Preloaded into a user-mode Linux kernel. Linux 6.1 keeps 2696 bytes of a process's extended registers, which is all up to
 * AVX-512. The kernel of a processor with more (AMX) refuses to set registers that are not of its own, full size, and the
 * user-mode kernel gives up at its first process. Here they are lengthened. What the inner kernel does not keep, nobody may
 * use: those registers are off until a process asks its kernel for them. Later kernels ask for the size by themselves.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef NT_X86_XSTATE
#define NT_X86_XSTATE 0x202
#endif

enum { EXTENDED_STATE_LEAF = 0xd };

static _Alignas(64) char whole[65536];

/* Bytes of all extended registers that the system has switched on. */
static size_t whole_size(void) {
  static size_t size;
  if (size == 0) {
    unsigned int eax, enabled, ecx, edx;
    __cpuid_count(EXTENDED_STATE_LEAF, 0, eax, enabled, ecx, edx);
    size = enabled;
  }
  return size;
}

/* Takes the place of the C library's, and like it returns what was peeked. */
long ptrace(enum __ptrace_request request, ...) {
  va_list arguments;
  va_start(arguments, request);
  pid_t pid = va_arg(arguments, pid_t);
  void *address = va_arg(arguments, void *);
  void *data = va_arg(arguments, void *);
  va_end(arguments);

  if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA || request == PTRACE_PEEKUSER) {
    long peeked = 0;
    long status = syscall(SYS_ptrace, request, pid, address, &peeked);
    return status < 0 ? status : peeked;
  }
  if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE) {
    const struct iovec *given = data;
    if (given->iov_len < whole_size() && whole_size() <= sizeof whole) {
      /* The kernel is one thread, so that one buffer is enough; its end stays zero. */
      memcpy(whole, given->iov_base, given->iov_len);
      struct iovec widened = {.iov_base = whole, .iov_len = whole_size()};
      return syscall(SYS_ptrace, request, pid, address, &widened);
    }
  }
  return syscall(SYS_ptrace, request, pid, address, data);
}
