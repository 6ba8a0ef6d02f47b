// Verdict: accepted
// Outcome: exited 0
// Stdin: [["more than a pipe holds\n", 10000]]
// Stdout: "done\n"
// Why: the input is not read, and its other end must not mind.
#include <stdio.h>
#include <unistd.h>
int main(void) {
  close(0);
  puts("done");
  fclose(stdout);
  close(2);
  usleep(20000);
  return 0;
}
