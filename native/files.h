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
  bool is_protected; /* for the folder that programs cannot write to */
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
 * Takes its bytes from `source` as the file, over whatever was there: a file or link where a folder is needed
 * gives way, and so does a folder of that name, so that what a program left cannot lead our file elsewhere. Fatal when the
 * store would become too large or `source` ends early.
 */
struct new_file {
  const char *path;
  bool executable;
  bool is_protected;
  uint64_t modified_at_ms;
  uint64_t size;
};
void store_put(struct file_store *store, const struct new_file *file, int source);

bool has_protected(const struct file_store *store);

/*
 * Makes all files, or all protected ones, below the current folder, which must be empty. False, with errno, when one cannot
 * be made.
 */
bool store_lay(const struct file_store *store, bool protected_ones);

/* Of protected files, in a process that needs them no more: it may become a program that shall not know of them. */
void store_forget_protected(const struct file_store *store);

/* Moves the protected files of one store to another, which has none. */
void store_move_protected(struct file_store *from, struct file_store *to);

enum collecting { COLLECTED, COLLECTED_TOO_LARGE, COLLECTING_FAILED };

/*
 * Fills an open and empty store with what lies below `folder`: regular files, folders and links. Other things, and what may
 * not be read, are left out. Nobody else may be able to change the folder meanwhile. Links are never followed.
 */
enum collecting store_collect(struct file_store *store, int folder, uint64_t most_bytes);

#endif
