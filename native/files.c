#define _GNU_SOURCE
#include "files.h"

#include "base.h"
#include "protocol.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Deeper folders are taken for an attack; each level holds a descriptor open. */
#define DEEPEST_FOLDER 64

/* Targets of links from here on may take a page of their own. */
#define SHORT_TARGET_BYTES 100

void store_open(struct file_store *store) {
  *store = (struct file_store){.content = memfd_create("files", MFD_CLOEXEC)};
  if (store->content < 0) die("memfd_create");
}

static void free_file(struct stored_file *file) {
  /* Not for a program that may get a copy of this memory. */
  if (file->path != NULL) explicit_bzero(file->path, strlen(file->path));
  if (file->target != NULL) explicit_bzero(file->target, strlen(file->target));
  free(file->path);
  free(file->target);
}

void store_free(struct file_store *store) {
  for (size_t index = 0; index < store->count; index++) free_file(&store->files[index]);
  free(store->files);
  close(store->content);
  *store = (struct file_store){.content = -1};
}

bool is_storable_path(const char *path, size_t length) {
  if (length == 0 || length > MOST_PATH_BYTES || path[0] == '/' || memchr(path, '\0', length) != NULL) return false;
  const char *end = path + length;
  for (const char *part = path; part <= end;) {
    const char *slash = memchr(part, '/', (size_t)(end - part));
    size_t part_length = (size_t)((slash != NULL ? slash : end) - part);
    if (part_length == 0 || part_length > NAME_MAX) return false;
    if (part[0] == '.' && (part_length == 1 || (part_length == 2 && part[1] == '.'))) return false;
    if (slash == NULL) break;
    part = slash + 1;
  }
  return true;
}

/* NULL when there is no room for one more. */
static struct stored_file *append(struct file_store *store) {
  if (store->count >= MOST_STORED_FILES) return NULL;
  if (store->count == store->capacity) {
    size_t capacity = store->capacity == 0 ? 16 : store->capacity * 2;
    struct stored_file *files = reallocarray(store->files, capacity, sizeof *files);
    if (files == NULL) die("memory");
    store->files = files;
    store->capacity = capacity;
  }
  struct stored_file *file = &store->files[store->count++];
  *file = (struct stored_file){0};
  return file;
}

static bool is_below(const char *path, const char *folder, size_t folder_length) {
  return strncmp(path, folder, folder_length) == 0 && path[folder_length] == '/';
}

/* True for what must go when a file is to be `path`. */
static bool stands_in_the_way(const struct stored_file *file, const char *path, size_t length) {
  if (strcmp(file->path, path) == 0 || is_below(file->path, path, length)) return true;
  return file->kind != STORED_DIRECTORY && is_below(path, file->path, strlen(file->path));
}

void store_put(struct file_store *store, const struct new_file *wanted, int source) {
  size_t length = strlen(wanted->path), kept = 0;
  uint64_t size = wanted->size;
  for (size_t index = 0; index < store->count; index++) {
    struct stored_file *other = &store->files[index];
    if (other->is_protected == wanted->is_protected && stands_in_the_way(other, wanted->path, length)) free_file(other);
    else store->files[kept++] = *other;
  }
  store->count = kept;

  errno = EFBIG;
  if (size > MOST_STORED_BYTES || store->content_bytes > MOST_STORED_BYTES - size) die("too many bytes in the files");
  struct stored_file *file = append(store);
  if (file == NULL) die("too many files");
  file->path = strdup(wanted->path);
  if (file->path == NULL) die("memory");
  file->kind = STORED_FILE;
  file->executable = wanted->executable;
  file->is_protected = wanted->is_protected;
  file->offset = store->content_bytes;
  file->size = size;
  file->modified_at = (struct timespec){
      .tv_sec = (time_t)(wanted->modified_at_ms / 1000 % (1ull << 33)),
      .tv_nsec = (long)(wanted->modified_at_ms % 1000) * 1000000,
  };
  copy_through(source, store->content, size, "files");
  store->content_bytes += size;
}

bool has_protected(const struct file_store *store) {
  for (size_t index = 0; index < store->count; index++) {
    if (store->files[index].is_protected) return true;
  }
  return false;
}

void store_forget_protected(const struct file_store *store) {
  for (size_t index = 0; index < store->count; index++) {
    struct stored_file *file = &store->files[index];
    if (!file->is_protected) continue;
    explicit_bzero(file->path, strlen(file->path));
    explicit_bzero(file, sizeof *file);
  }
}

void store_move_protected(struct file_store *from, struct file_store *to) {
  size_t kept = 0;
  for (size_t index = 0; index < from->count; index++) {
    struct stored_file *file = &from->files[index];
    if (!file->is_protected) {
      from->files[kept++] = *file;
      continue;
    }
    struct stored_file *moved = append(to);
    if (moved == NULL) die("too many files");
    off_t offset = (off_t)file->offset;
    for (uint64_t left = file->size; left > 0;) {
      ssize_t sent = sendfile(to->content, from->content, &offset, left < INT_MAX ? (size_t)left : INT_MAX);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) die("protected files");
      left -= (uint64_t)sent;
    }
    *moved = *file;
    moved->offset = to->content_bytes;
    to->content_bytes += file->size;
  }
  from->count = kept;
}

static bool make_parents(const char *path) {
  char parent[MOST_PATH_BYTES + 1];
  for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    size_t length = (size_t)(slash - path);
    memcpy(parent, path, length);
    parent[length] = '\0';
    if (mkdir(parent, 0755) != 0 && errno != EEXIST) return false;
  }
  return true;
}

static bool lay_file(const struct file_store *store, const struct stored_file *file) {
  int target = open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file->executable ? 0755 : 0644);
  if (target < 0) return false;
  off_t offset = (off_t)file->offset;
  for (uint64_t left = file->size; left > 0;) {
    ssize_t sent = sendfile(target, store->content, &offset, left < INT_MAX ? (size_t)left : INT_MAX);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {
      if (sent == 0) errno = EIO;
      close(target);
      return false;
    }
    left -= (uint64_t)sent;
  }
  struct timespec times[2] = {file->modified_at, file->modified_at};
  bool good = futimens(target, times) == 0;
  return close(target) == 0 && good;
}

bool store_lay(const struct file_store *store, bool protected_ones) {
  /* Links last: then no path above can lead through one, whatever the list holds. */
  for (size_t index = 0; index < store->count; index++) {
    const struct stored_file *file = &store->files[index];
    if (file->kind == STORED_LINK || file->is_protected != protected_ones) continue;
    if (!make_parents(file->path)) return false;
    if (file->kind == STORED_FILE && !lay_file(store, file)) return false;
    if (file->kind == STORED_DIRECTORY && mkdir(file->path, 0755) != 0 && errno != EEXIST) return false;
  }
  for (size_t index = 0; index < store->count; index++) {
    const struct stored_file *file = &store->files[index];
    if (file->kind != STORED_LINK || file->is_protected != protected_ones) continue;
    if (!make_parents(file->path) || symlink(file->target, file->path) != 0) return false;
  }
  return true;
}

struct collection {
  struct file_store *store;
  uint64_t most_bytes;
  uint64_t laid_bytes; /* what all of it takes when it is laid again */
  uint64_t page_bytes;
  char path[MOST_PATH_BYTES + 1];
};

/*
 * False when it could not be laid again under the limit it was made under. A file then takes whole pages, while links to
 * one file and files with holes took fewer; a program shall not make the next step fail by that.
 */
static bool has_room(struct collection *collection, uint64_t bytes) {
  if (bytes > collection->most_bytes) return false;
  uint64_t laid = (bytes + collection->page_bytes - 1) / collection->page_bytes * collection->page_bytes;
  if (laid > collection->most_bytes - collection->laid_bytes) return false;
  collection->laid_bytes += laid;
  return true;
}

static enum collecting collect_content(struct collection *collection, int parent, const char *name, struct stored_file *file) {
  struct file_store *store = collection->store;
  int source = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (source < 0) return COLLECTING_FAILED;
  struct stat status;
  enum collecting outcome = COLLECTING_FAILED;
  if (fstat(source, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0) goto done;
  file->size = (uint64_t)status.st_size;
  file->offset = store->content_bytes;
  file->executable = (status.st_mode & S_IXUSR) != 0;
  file->modified_at = status.st_mtim;
  outcome = COLLECTED_TOO_LARGE;
  if (!has_room(collection, file->size)) goto done;
  outcome = COLLECTING_FAILED;
  for (uint64_t left = file->size; left > 0;) {
    ssize_t sent = sendfile(store->content, source, NULL, left < INT_MAX ? (size_t)left : INT_MAX);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) goto done;
    left -= (uint64_t)sent;
  }
  store->content_bytes += file->size;
  outcome = COLLECTED;
done:
  close(source);
  return outcome;
}

static enum collecting collect_folder(struct collection *collection, int folder, size_t path_length, unsigned depth);

static enum collecting collect_entry(struct collection *collection, int parent, const char *name, size_t parent_length, unsigned depth) {
  size_t name_length = strlen(name), start = parent_length == 0 ? 0 : parent_length + 1;
  if (start + name_length > MOST_PATH_BYTES) return COLLECTED_TOO_LARGE;
  if (start > 0) collection->path[parent_length] = '/';
  memcpy(collection->path + start, name, name_length + 1);

  struct stat status;
  if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return COLLECTING_FAILED;
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode) && !S_ISLNK(status.st_mode)) return COLLECTED;
  /* A file that its owner may not read: what `tar` would leave out as well. */
  if (S_ISREG(status.st_mode) && (status.st_mode & S_IRUSR) == 0) return COLLECTED;

  struct stored_file *file = append(collection->store);
  if (file == NULL) return COLLECTED_TOO_LARGE;
  file->path = strdup(collection->path);
  if (file->path == NULL) die("memory");
  if (S_ISREG(status.st_mode)) {
    file->kind = STORED_FILE;
    return collect_content(collection, parent, name, file);
  }
  if (S_ISLNK(status.st_mode)) {
    char target[PATH_MAX];
    ssize_t length = readlinkat(parent, name, target, sizeof target);
    if (length < 0 || (size_t)length >= sizeof target) return COLLECTING_FAILED;
    if (length >= SHORT_TARGET_BYTES && !has_room(collection, (uint64_t)length)) return COLLECTED_TOO_LARGE;
    file->kind = STORED_LINK;
    file->target = strndup(target, (size_t)length);
    if (file->target == NULL) die("memory");
    return COLLECTED;
  }
  file->kind = STORED_DIRECTORY;
  if (depth >= DEEPEST_FOLDER) return COLLECTED_TOO_LARGE;
  int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return errno == EACCES ? COLLECTED : COLLECTING_FAILED;
  return collect_folder(collection, folder, start + name_length, depth + 1);
}

#define LISTING_BYTES ((size_t)1 << 15)

/* A folder that may be listed but not entered counts as empty. The C library's listing would leave the names in the heap. */
static enum collecting collect_entries(struct collection *collection, int folder, char *listing, size_t path_length, unsigned depth) {
  if (faccessat(folder, ".", X_OK, AT_EACCESS) != 0) return COLLECTED;
  for (;;) {
    long length = syscall(SYS_getdents64, folder, listing, LISTING_BYTES);
    if (length <= 0) return length == 0 ? COLLECTED : COLLECTING_FAILED;
    for (long at = 0; at < length;) {
      const struct dirent64 *entry = (const struct dirent64 *)(listing + at);
      at += entry->d_reclen;
      if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
      enum collecting outcome = collect_entry(collection, folder, entry->d_name, path_length, depth);
      collection->path[path_length] = '\0';
      if (outcome != COLLECTED) return outcome;
    }
  }
}

/* Closes `folder`. */
static enum collecting collect_folder(struct collection *collection, int folder, size_t path_length, unsigned depth) {
  char *listing = private_memory(LISTING_BYTES);
  enum collecting outcome = collect_entries(collection, folder, listing, path_length, depth);
  int error = errno;
  release_private(listing, LISTING_BYTES);
  close(folder);
  errno = error;
  return outcome;
}

enum collecting store_collect(struct file_store *store, int folder, uint64_t most_bytes) {
  long page_bytes = sysconf(_SC_PAGESIZE);
  struct collection collection = {
      .store = store,
      .most_bytes = most_bytes < MOST_STORED_BYTES ? most_bytes : MOST_STORED_BYTES,
      .page_bytes = page_bytes > 0 ? (uint64_t)page_bytes : 4096,
  };
  /* Its owner may have locked himself out; that is no failure of ours. */
  if (fchmod(folder, 0755) != 0) return COLLECTING_FAILED;
  int top = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (top < 0) return COLLECTING_FAILED;
  return collect_folder(&collection, top, 0, 0);
}
