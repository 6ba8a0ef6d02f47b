// Verdict: accepted
// Outcome: exited 0
// Stdout: "done\n"
// Why: children that ignore every signal they can, in sessions of their own, still running when the program ends.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  for (int child = 0; child < 8; child++) {
    if (fork() != 0) continue;
    setsid();
    for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
    for (;;) sleep(600);
  }
  puts("done");
  return 0;
}
