#define _GNU_SOURCE
#include "ending.h"

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Of the interpreter that has loaded us, as its manual gives them ("Initialization, Finalization, and Threads", "System
 * Functions"). Weak: one that lacks any of them is left as it is.
 */
#define OF_INTERPRETER extern __attribute__((weak))
OF_INTERPRETER int Py_FinalizeEx(void);
OF_INTERPRETER int Py_RunMain(void);
OF_INTERPRETER void Py_Exit(int status);
OF_INTERPRETER void *PyObject_CallObject(void *callable, void *arguments);
OF_INTERPRETER int PyObject_IsTrue(void *object);
OF_INTERPRETER void *PyTuple_GetItem(void *tuple, long index);
OF_INTERPRETER long PyTuple_Size(void *tuple);
OF_INTERPRETER void *PyErr_Occurred(void);
OF_INTERPRETER void PyErr_Clear(void);
OF_INTERPRETER void Py_IncRef(void *object);
OF_INTERPRETER void Py_DecRef(void *object);
OF_INTERPRETER int PySys_AddAuditHook(int (*hook)(const char *event, void *arguments, void *data), void *data);
OF_INTERPRETER char _Py_NoneStruct;

static void *watchers, *nothing_is_left;
static int (*finalize)(void);
static bool is_audited;

/* A program that listens to what the interpreter does would hear us looking. */
static int hear(const char *event, void *arguments, void *data) {
  (void)arguments, (void)data;
  if (event[0] == 's' && strcmp(event, "sys.addaudithook") == 0) is_audited = true;
  return 0;
}

/* The interpreter's own ways to its end: after the script, and for SystemExit. */
static bool is_own(const void *caller) {
  Dl_info found;
  return dladdr(caller, &found) != 0 && (found.dli_saddr == (void *)Py_RunMain || found.dli_saddr == (void *)Py_Exit);
}

static bool can_be_left_out(void) {
  if (is_audited || PyErr_Occurred() != NULL) return false;
  for (long index = 0; index < PyTuple_Size(watchers); index++) {
    void *watching = PyObject_CallObject(PyTuple_GetItem(watchers, index), NULL);
    if (watching != NULL) Py_DecRef(watching);
    if (watching != &_Py_NoneStruct) return false;
  }
  void *answer = PyObject_CallObject(nothing_is_left, NULL);
  bool is_true = answer != NULL && PyObject_IsTrue(answer) == 1;
  if (answer != NULL) Py_DecRef(answer);
  PyErr_Clear();
  return is_true;
}

/* In the place of Py_FinalizeEx. Whoever else calls it, a program by ctypes say, goes on afterwards and means it. */
static int end(void) {
  return is_own(__builtin_return_address(0)) && can_be_left_out() ? 0 : finalize();
}

#ifdef __x86_64__
enum { JUMP_BYTES = 12, ENTRY_MOST_BYTES = 32 };

/* movabs $target, %rax; jmp *%rax: no argument lies in that register. */
static void write_jump(uint8_t *at, const void *target) {
  memcpy(at, (uint8_t[]){0x48, 0xb8}, 2);
  memcpy(at + 2, &target, sizeof target);
  memcpy(at + 10, (uint8_t[]){0xff, 0xe0}, 2);
}

/* Bytes of the first instructions that the jump would overwrite, when they are those of a usual entry; they can stand anywhere. */
static size_t entry_bytes(const uint8_t *code) {
  size_t length = 0;
  while (length < JUMP_BYTES) {
    const uint8_t *at = code + length;
    if (memcmp(at, (uint8_t[]){0xf3, 0x0f, 0x1e, 0xfa}, 4) == 0) length += 4; /* endbr64 */
    else if (at[0] >= 0x50 && at[0] <= 0x57) length += 1; /* push */
    else if (at[0] == 0x41 && at[1] >= 0x50 && at[1] <= 0x57) length += 2; /* push */
    else if (memcmp(at, (uint8_t[]){0x48, 0x89, 0xe5}, 3) == 0) length += 3; /* mov %rsp, %rbp */
    else if (memcmp(at, (uint8_t[]){0x48, 0x83, 0xec}, 3) == 0) length += 4; /* sub $n, %rsp */
    else return 0;
  }
  return length;
}

static bool put_in_place_of_finalize(void) {
  uint8_t *code = (uint8_t *)Py_FinalizeEx;
  size_t length = entry_bytes(code), page = (size_t)sysconf(_SC_PAGESIZE);
  if (length == 0) return false;
  uint8_t *moved = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (moved == MAP_FAILED) return false;
  memcpy(moved, code, length);
  write_jump(moved + length, code + length);
  uint8_t *first = (uint8_t *)((uintptr_t)code & ~(page - 1));
  size_t pages = (size_t)(code + JUMP_BYTES - first + (long)page - 1) & ~(page - 1);
  if (mprotect(moved, page, PROT_READ | PROT_EXEC) != 0 || mprotect(first, pages, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
    munmap(moved, page);
    return false;
  }
  finalize = (int (*)(void))moved;
  write_jump(code, (void *)end);
  return mprotect(first, pages, PROT_READ | PROT_EXEC) == 0;
}
#else
/* Nobody has tried it there. */
static bool put_in_place_of_finalize(void) { return false; }
#endif

bool ask_before_the_end(void *all_watchers, void *callable) {
  if (!Py_FinalizeEx || !Py_RunMain || !Py_Exit || !PyObject_CallObject || !PyObject_IsTrue || !PyTuple_GetItem || !PyTuple_Size ||
      !PyErr_Occurred || !PyErr_Clear || !Py_IncRef || !Py_DecRef || !PySys_AddAuditHook || !&_Py_NoneStruct) {
    return false;
  }
  watchers = all_watchers;
  nothing_is_left = callable;
  if (PySys_AddAuditHook(hear, NULL) != 0) {
    PyErr_Clear();
    return false;
  }
  Py_IncRef(watchers);
  Py_IncRef(nothing_is_left);
  return put_in_place_of_finalize();
}
