// Verdict: accepted
// Outcome: exited 0
// Stdout: "done\n"
// Why: two forks and a new session, as daemons do it, with all streams left open.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) sleep(600);
    _exit(0);
  }
  wait(NULL);
  puts("done");
  return 0;
}
