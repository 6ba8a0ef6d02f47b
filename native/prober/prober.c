/*
 * Tries from inside the sandbox what a shell cannot: system calls that must be refused, sockets of other families, objects
 * of the kernel that outlive a process, more open files than are allowed. It judges nothing: one line for each attempt, as
 * `name outcome`, for src/sandbox/self-test/.
 *
 *     prober calls          system calls, each in a process of its own
 *     prober sockets        socket families and protocols
 *     prober connect PORT   connections to the host and to the outside
 *     prober files          how many files can be open at a time
 *     prober entries N      how many files can be made, at most N
 *     prober leave          leaves shared memory, queues, semaphores, sockets and a process behind
 *     prober look           looks for what `leave` left
 *
 * Outcomes: `refused ERRNO`, `absent` (the kernel knows no such call), `killed SIGNAL` and `allowed`. What is tried would do no harm
 * if it were allowed: it is aimed at the prober itself, or has arguments that come to nothing.
 */
#define _GNU_SOURCE
#include "attempts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEFT_KEY = 0x41535359, LEFT_PORT = 47113 };
static const char LEFT_QUEUE[] = "assay-left"; /* as the system call takes it, without the slash */

/* Exit statuses of a child that tells how its attempt ended: 0 allowed, else the error number. */
static void report(const char *name, pid_t child) {
  int status = 0;
  while (waitpid(child, &status, __WALL) < 0) {
    if (errno != EINTR) {
      printf("%s unknown\n", name);
      return;
    }
  }
  if (WIFSIGNALED(status)) printf("%s killed %d\n", name, WTERMSIG(status));
  else if (WEXITSTATUS(status) == ENOSYS) printf("%s absent\n", name);
  else if (WEXITSTATUS(status) != 0) printf("%s refused %d\n", name, WEXITSTATUS(status));
  else printf("%s allowed\n", name);
}

static int try_calls(void) {
  for (size_t index = 0; index < attempt_count; index++) {
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) {
      printf("%s unknown\n", attempts[index].name);
      continue;
    }
    if (child == 0) {
      alarm(2);
      errno = 0;
      long result = attempts[index].run();
      _exit(result == -1 ? (errno == 0 ? EPERM : errno & 0xff) : 0);
    }
    report(attempts[index].name, child);
  }
  return 0;
}

static int try_sockets(void) {
  for (size_t index = 0; index < socket_attempt_count; index++) {
    const struct socket_attempt *attempt = &socket_attempts[index];
    int made = socket(attempt->family, attempt->type, attempt->protocol);
    if (made >= 0) {
      printf("%s allowed\n", attempt->name);
      close(made);
    } else {
      printf("%s refused %d\n", attempt->name, errno);
    }
  }
  return 0;
}

static void try_connection(const char *name, const char *address, int port) {
  struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, address, &target.sin_addr);
  int connection = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int error = errno;
  if (connection >= 0) {
    error = connect(connection, (struct sockaddr *)&target, sizeof target) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      /* A packet that found a way out is a leak even if nobody answers. */
      struct pollfd wait = {.fd = connection, .events = POLLOUT};
      socklen_t length = sizeof error;
      if (poll(&wait, 1, 300) == 1) getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &length);
    }
    close(connection);
  }
  if (error == 0) printf("%s allowed\n", name);
  else printf("%s refused %d\n", name, error);
}

static int try_connections(int port) {
  try_connection("host", "127.0.0.1", port);
  try_connection("metadata", "169.254.169.254", 80);
  try_connection("private", "10.0.0.1", 80);
  try_connection("internet", "192.0.2.1", 80);
  return 0;
}

static int count_open_files(void) {
  int count = 0;
  while (count < 1 << 20 && open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) count++;
  printf("open %d\n", count);
  return 0;
}

static int make_entries(long most) {
  long made = 0;
  char name[32];
  for (; made < most; made++) {
    snprintf(name, sizeof name, "/tmp/%lx", made);
    int entry = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (entry < 0) break;
    close(entry);
  }
  printf("entries %ld\n", made);
  return 0;
}

static int abstract_socket(struct sockaddr_un *address, socklen_t *length) {
  static const char name[] = "\0assay-left";
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  memcpy(address->sun_path, name, sizeof name - 1);
  *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof name - 1);
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static struct sockaddr_in left_port(void) {
  return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(LEFT_PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* What could not be made is no leak later; only that something was left at all is told. */
static int leave(void) {
  int left = 0;
  left += shmget(LEFT_KEY, 4096, IPC_CREAT | 0666) >= 0;
  left += semget(LEFT_KEY, 1, IPC_CREAT | 0666) >= 0;
  left += msgget(LEFT_KEY, IPC_CREAT | 0666) >= 0;
  left += syscall(SYS_mq_open, LEFT_QUEUE, O_CREAT | O_RDWR, 0666, NULL) >= 0;
  struct sockaddr_un address;
  socklen_t length;
  int local = abstract_socket(&address, &length);
  left += local >= 0 && bind(local, (struct sockaddr *)&address, length) == 0 && listen(local, 1) == 0;
  int remote = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in port = left_port();
  left += remote >= 0 && bind(remote, (struct sockaddr *)&port, sizeof port) == 0 && listen(remote, 1) == 0;
  pid_t child = fork();
  if (child == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    /* Keeps the sockets, and the streams too: nobody may wait for their end. */
    for (;;) pause();
  }
  if (child > 0) waitpid(child, NULL, 0);
  printf("left %d\n", left);
  return 0;
}

static void found(const char *name, bool is_there) {
  printf("%s %s\n", name, is_there ? "found" : "gone");
}

static int look(void) {
  found("shared-memory", shmget(LEFT_KEY, 0, 0) >= 0);
  found("semaphores", semget(LEFT_KEY, 0, 0) >= 0);
  found("messages", msgget(LEFT_KEY, 0) >= 0);
  found("posix-queue", syscall(SYS_mq_open, LEFT_QUEUE, O_RDWR, 0, NULL) >= 0);
  struct sockaddr_un address;
  socklen_t length;
  int local = abstract_socket(&address, &length);
  found("abstract-socket", local >= 0 && connect(local, (struct sockaddr *)&address, length) == 0);
  int remote = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in port = left_port();
  found("port", remote >= 0 && connect(remote, (struct sockaddr *)&port, sizeof port) == 0);
  return 0;
}

int main(int count, char **arguments) {
  const char *what = count > 1 ? arguments[1] : "";
  long number = count > 2 ? strtol(arguments[2], NULL, 10) : 0;
  int status = 2;
  if (strcmp(what, "calls") == 0) status = try_calls();
  else if (strcmp(what, "sockets") == 0) status = try_sockets();
  else if (strcmp(what, "connect") == 0 && number > 0 && number < 65536) status = try_connections((int)number);
  else if (strcmp(what, "files") == 0) status = count_open_files();
  else if (strcmp(what, "entries") == 0 && number > 0) status = make_entries(number);
  else if (strcmp(what, "leave") == 0) status = leave();
  else if (strcmp(what, "look") == 0) status = look();
  return fflush(stdout) == 0 ? status : 1;
}
