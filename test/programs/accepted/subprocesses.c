// Verdict: accepted
// Outcome: exited 0
// Stdout: "child says 7, ended with 5\n"
// Why: fork, pipe and wait.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int ends[2], status, number = 7;
  if (pipe(ends) != 0) return 1;
  if (fork() == 0) _exit(write(ends[1], &number, sizeof number) == sizeof number ? 5 : 1);
  if (wait(&status) < 0 || read(ends[0], &number, sizeof number) != sizeof number) return 1;
  printf("child says %d, ended with %d\n", number, WEXITSTATUS(status));
  return 0;
}
