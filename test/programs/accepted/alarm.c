// Verdict: accepted
// Outcome: exited 0
// Stdout: "woken by 15, then by 11\n"
// Why: a program that is not the first process gets its signals, and may survive a bad address.
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
static sigjmp_buf place;
static volatile sig_atomic_t first;
static void note(int number) { first = number; }
static void jump(int number) { siglongjmp(place, number); }
int main(void) {
  signal(SIGTERM, note);
  signal(SIGSEGV, jump);
  raise(SIGTERM);
  int number = sigsetjmp(place, 1);
  if (number == 0) *(volatile int *)8 = 1;
  printf("woken by %d, then by %d\n", (int)first, number);
  return 0;
}
