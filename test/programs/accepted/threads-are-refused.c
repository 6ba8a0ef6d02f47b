/* Verdict: accepted
 * Outcome: exited 0
 * Stdout: "contained\n"
 * Why: threads without end are refused with EAGAIN, and the program may go on.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *wait_for_ever(void *nothing) {
  pause();
  return nothing;
}

int main(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 10);
  int made = 0, error = 0;
  for (; made < 10000; made++) {
    pthread_t thread;
    if ((error = pthread_create(&thread, &attributes, wait_for_ever, NULL)) != 0) break;
  }
  if (error == EAGAIN && made < 64) puts("contained");
  else printf("%d threads, error %d\n", made, error);
  return 0;
}
