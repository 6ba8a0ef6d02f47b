/*
 * The submission's files: a list of names, and the contents one after the other in one nameless file of memory. Never a
 * folder that a program could see, and never a path of the host.
 */
#ifndef ASSAY_FILES_H
#define ASSAY_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum stored_kind { STORED_FILE, STORED_DIRECTORY, STORED_LINK };

struct stored_file {
  char *path;   /* relative, no empty, `.` or `..` part */
  char *target; /* of a link, else NULL; only ever followed by programs */
  enum stored_kind kind;
  bool executable;
  uint64_t offset;
  uint64_t size;
  struct timespec modified_at;
};

struct file_store {
  struct stored_file *files;
  size_t count;
  size_t capacity;
  int content;
  uint64_t content_bytes;
};

void store_open(struct file_store *store);
void store_free(struct file_store *store);

bool is_storable_path(const char *path, size_t length);

/*
 * Takes `size` bytes from `source` as the file `path`, over whatever was there: a file or link where a folder is needed
 * gives way, and so does a folder of that name, so that what a program left cannot lead our file elsewhere. Fatal when the
 * store would become too large or `source` ends early.
 */
void store_put(struct file_store *store, const char *path, bool executable, uint64_t modified_at_ms, int source, uint64_t size);

/* Makes all files below the current folder, which must be empty. False, with errno, when one cannot be made. */
bool store_lay(const struct file_store *store);

enum collecting { COLLECTED, COLLECTED_TOO_LARGE, COLLECTING_FAILED };

/*
 * Fills an open and empty store with what lies below `folder`: regular files, folders and links. Other things, and what may
 * not be read, are left out. Nobody else may be able to change the folder meanwhile. Links are never followed.
 */
enum collecting store_collect(struct file_store *store, int folder, uint64_t most_bytes);

#endif
