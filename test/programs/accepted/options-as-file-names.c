// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained.c\n"
// Files: {"-DWORD=contained.c": "int main(void) { return 1; }\n", "-I..c": ""}
// Why: sources whose names the compiler takes for options; they change this build and nothing else.
#include <stdio.h>
#define TEXT(word) #word
#define VALUE(word) TEXT(word)
int main(void) {
  puts(VALUE(WORD));
  return 0;
}
