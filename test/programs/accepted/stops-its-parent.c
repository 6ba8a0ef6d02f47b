// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: signals to the sandbox's first process, and to every process group there may be.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  const int numbers[] = {SIGSTOP, SIGKILL, SIGTERM, SIGHUP, SIGABRT, SIGUSR1, SIGCHLD};
  setpgid(0, 0);
  for (unsigned index = 0; index < sizeof numbers / sizeof *numbers; index++) {
    kill(1, numbers[index]);
    kill(-1, 0);
    if (getppid() > 0) kill(getppid(), numbers[index]);
  }
  puts("contained");
  return 0;
}
