// Verdict: accepted
// Outcome: exited 0
// Stdin: "pear\nfig\napple\n"
// Stdout: "apple fig pear\n"
// Why: lines of any length, a growing array and a sort.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int compare(const void *one, const void *other) { return strcmp(*(char *const *)one, *(char *const *)other); }
int main(void) {
  char *line = NULL, **lines = NULL;
  size_t room = 0, count = 0;
  while (getline(&line, &room, stdin) > 0) {
    line[strcspn(line, "\n")] = 0;
    lines = realloc(lines, (count + 1) * sizeof *lines);
    lines[count++] = strdup(line);
  }
  qsort(lines, count, sizeof *lines, compare);
  for (size_t index = 0; index < count; index++) printf("%s%s", lines[index], index + 1 < count ? " " : "\n");
  return 0;
}
