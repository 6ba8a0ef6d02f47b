// Verdict: accepted
// Outcome: exited 0
// Stdin: "4 5\n"
// Stdout: "contained\n"
// Why: memory and descriptors that the program starts with hold nothing but its own input.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

int main(int count, char **words) {
  char text[4096] = {0};
  int found = 0;
  ssize_t length = read(0, text, sizeof text);
  if (length != 4 || strcmp(text, "4 5\n") != 0) found += printf("input of %zd bytes\n", length);
  if (lseek(0, 0, SEEK_END) > 4) found += printf("more input\n");
  for (int index = 1; index < count; index++) found += printf("argument %s\n", words[index]);
  for (char **variable = environ; *variable; variable++) {
    if (strstr(*variable, "ASSAY") || strstr(*variable, "TOKEN") || strstr(*variable, "://")) found += printf("%s\n", *variable);
  }
  int maps = open("/proc/self/maps", O_RDONLY);
  while (maps >= 0 && (length = read(maps, text, sizeof text - 1)) > 0) {
    text[length] = 0;
    if (strstr(text, "supervisor") || strstr(text, "node_modules")) found += printf("mapped: %s\n", text);
  }
  if (found == 0) puts("contained");
  return 0;
}
