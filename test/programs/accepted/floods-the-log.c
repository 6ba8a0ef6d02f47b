// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: the system's log and the kernel's are out of reach.
#include <fcntl.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>
int main(void) {
  openlog("assay", LOG_NDELAY, LOG_AUTH);
  for (int line = 0; line < 2000; line++) syslog(LOG_EMERG, "flood %d", line);
  int found = 0;
  if (open("/dev/kmsg", O_WRONLY) >= 0) found += printf("kmsg\n");
  if (open("/dev/console", O_WRONLY) >= 0) found += printf("console\n");
  if (open("/dev/tty", O_WRONLY) >= 0) found += printf("tty\n");
  if (access("/dev/log", F_OK) == 0) found += printf("log\n");
  if (found == 0) puts("contained");
  return 0;
}
