// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: asks for every process number, by signal 0, by scheduling and by descriptor; answers would betray other boxes.
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
  int found = 0, own = getpid();
  for (int pid = 2; pid < 70000; pid++) {
    if (pid == own) continue;
    if (kill(pid, 0) == 0 || sched_getscheduler(pid) >= 0 || getpgid(pid) >= 0) found += printf("%d\n", pid);
  }
  if (getppid() > 1) found += printf("parent %d\n", getppid());
  setpriority(PRIO_USER, 0, -20);
  if (getpriority(PRIO_PROCESS, 0) < 0) found += printf("higher priority\n");
  struct sched_param parameter = {.sched_priority = 50};
  if (sched_setscheduler(0, SCHED_FIFO, &parameter) == 0) found += printf("real time\n");
  if (found == 0) puts("contained");
  return 0;
}
