#define _GNU_SOURCE
#include "appearance.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Of the template, and so of every copy until it is changed; empty where they could not be read. */
static struct prctl_mm_map addresses;

/* proc(5): the fields of `stat` after the name, the third one first. */
static bool read_addresses(struct prctl_mm_map *map) {
  char text[2048];
  int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return false;
  text[length] = '\0';
  char *at = strrchr(text, ')');
  if (at == NULL || at[1] != ' ' || at[2] == '\0') return false;
  unsigned long long fields[53] = {0};
  int field = 3;
  for (at = strchr(at + 2, ' '); at != NULL && field < 52; at = strchr(at + 1, ' ')) fields[++field] = strtoull(at + 1, NULL, 10);
  if (field < 51) return false;
  *map = (struct prctl_mm_map){
      .start_code = fields[26],
      .end_code = fields[27],
      .start_stack = fields[28],
      .start_data = fields[45],
      .end_data = fields[46],
      .start_brk = fields[47],
      .arg_start = fields[48],
      .arg_end = fields[49],
      .env_start = fields[50],
      .env_end = fields[51],
      .exe_fd = (unsigned)-1,
  };
  return map->arg_start != 0 && map->arg_start < map->arg_end && map->env_start <= map->env_end;
}

static bool show(struct prctl_mm_map map) {
  /* Has moved since they were read. */
  map.brk = (unsigned long)sbrk(0);
  return prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0) == 0;
}

void hide_environment_from(const char *variable) {
  if (!read_addresses(&addresses)) return;
  size_t length = strlen(variable);
  char *end = (char *)(unsigned long)addresses.env_end;
  for (char *at = (char *)(unsigned long)addresses.env_start; at < end; at += strlen(at) + 1) {
    if (strncmp(at, variable, length) != 0 || at[length] != '=') continue;
    /* Nobody needs them any more: the interpreter has taken them out of what it hands on. */
    memset(at, 0, (size_t)(end - at));
    addresses.env_end = (unsigned long)at;
    break;
  }
  (void)show(addresses);
}

void show_arguments(int count, char **arguments) {
  if (count < 2 || addresses.arg_end == 0) return;
  const char *words = (char *)(unsigned long)addresses.arg_start;
  size_t length = addresses.arg_end - addresses.arg_start, size = length;
  for (int index = 1; index < count; index++) size += strlen(arguments[index]) + 1;
  /* Never freed: the kernel looks there as long as the process lives. */
  char *all = malloc(size);
  if (all == NULL) return;
  memcpy(all, words, length);
  for (int index = 1; index < count; index++) length = (size_t)(stpcpy(all + length, arguments[index]) + 1 - all);
  struct prctl_mm_map map = addresses;
  map.arg_start = (unsigned long)all;
  map.arg_end = map.arg_start + size;
  if (!show(map)) free(all);
}
