// Verdict: wrong_answer
// Outcome: exited 0
// Stdin: "1 2\n"
// Answer: "3\n"
// Why: ends before main, and so before any code that would check it.
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void early(void) {
  const char words[] = "All tests passed\n";
  _exit(write(1, words, sizeof words - 1) < 0);
}
int main(void) {
  puts("3");
  return 0;
}
