// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: every socket family there is; only those of ordinary programs may be had, and they lead nowhere.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int reached;

static void tcp(const char *host, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  inet_pton(AF_INET, host, &address.sin_addr);
  if (connect(socket_, (struct sockaddr *)&address, sizeof address) == 0) reached += printf("%s:%d\n", host, port);
  close(socket_);
}

static void local(const char *path, int is_abstract) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int socket_ = socket(AF_UNIX, SOCK_STREAM, 0);
  strncpy(address.sun_path + is_abstract, path, sizeof address.sun_path - 2);
  socklen_t length = offsetof(struct sockaddr_un, sun_path) + is_abstract + strlen(path);
  if (connect(socket_, (struct sockaddr *)&address, length) == 0) reached += printf("%s\n", path);
  close(socket_);
}

int main(void) {
  const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_RDM};
  for (int family = 2; family < 64; family++) {
    for (unsigned type = 0; type < sizeof types / sizeof *types; type++) {
      if ((family == AF_INET || family == AF_INET6) && types[type] != SOCK_RAW) continue;
      int socket_ = socket(family, types[type], 0);
      if (socket_ < 0) continue;
      reached += printf("family %d, type %d\n", family, types[type]);
      close(socket_);
    }
  }
  tcp("127.0.0.1", 6379);
  tcp("127.0.0.1", 3306);
  tcp("169.254.169.254", 80);
  tcp("1.1.1.1", 53);
  local("/run/docker.sock", 0);
  local("/var/run/docker.sock", 0);
  local("/run/dbus/system_bus_socket", 0);
  local("/run/mysqld/mysqld.sock", 0);
  local("/dev/log", 0);
  local("/tmp/.X11-unix/X0", 0);
  local("/run/systemd/journal/socket", 0);
  local("/containerd-shim/default.sock", 1);
  local("/tmp/dbus-0123456789", 1);
  if (reached == 0) puts("contained");
  return 0;
}
