// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: the environment as it was given at the start, before any library has looked at it.
#include <stdio.h>
#include <string.h>
int main(int count, char **words, char **variables) {
  const char *const known[] = {"PATH=", "HOME=", "LANG=", "PWD=", "OLDPWD=", "SHLVL=", "_="};
  int found = 0;
  (void)count, (void)words;
  for (; *variables; variables++) {
    unsigned index = 0;
    while (index < sizeof known / sizeof *known && strncmp(*variables, known[index], strlen(known[index])) != 0) index++;
    if (index == sizeof known / sizeof *known) found += printf("%s\n", *variables);
  }
  if (found == 0) puts("contained");
  return 0;
}
