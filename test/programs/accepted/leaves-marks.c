// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: looks for what it left the time before, and replaces the very program that runs.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
int main(int count, char **words) {
  struct stat file;
  int found = 0;
  if (count > 1) return puts(words[1]) < 0;
  if (access("/tmp/mark", F_OK) == 0 || access("/box/mark", F_OK) == 0) found += printf("files\n");
  if (stat("/box/program", &file) != 0 || file.st_size < 1000) found += printf("another program\n");
  close(open("/tmp/mark", O_CREAT | O_WRONLY, 0600));
  close(open("/box/mark", O_CREAT | O_WRONLY, 0600));
  unlink("/box/program");
  int own = open("/box/program", O_CREAT | O_WRONLY, 0755);
  const char script[] = "#!/bin/sh\necho replaced\n";
  if (write(own, script, sizeof script - 1) < 0) return 1;
  close(own);
  if (found == 0) puts("contained");
  return 0;
}
