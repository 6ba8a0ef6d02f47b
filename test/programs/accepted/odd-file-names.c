// Verdict: accepted
// Outcome: exited 0
// Stdout: "built\n"
// Files: {"with space.c": "const char *word(void) { return \"built\"; }\n", "headers of mine/word.h": "const char *word(void);\n"}
// Why: the default build takes all sources, whatever they are called.
#include "headers of mine/word.h"
#include <stdio.h>
int main(void) {
  puts(word());
  return 0;
}
