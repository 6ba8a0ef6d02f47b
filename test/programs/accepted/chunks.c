// Verdict: accepted
// Outcome: exited 0
// Stdin: [["abcdefghij", 50000]]
// Stdout: "500000\n"
// Why: standard input is a file that may be asked for its size, or a pipe that must be read.
#include <stdio.h>
#include <unistd.h>
int main(void) {
  static char piece[7919];
  long length = 0;
  for (ssize_t part; (part = read(0, piece, sizeof piece)) > 0;) length += part;
  printf("%ld\n", length);
  return 0;
}
