// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"memoryMiB": 64}
// Why: a thread may ask for a stack without a limit of its own, and fill it.
#include <pthread.h>
#include <string.h>

static void *dive(void *above) {
  volatile char frame[65536];
  memset((char *)frame, 1, sizeof frame);
  dive((void *)frame);
  return frame[0] + (char *)above;
}

int main(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 512 << 20);
  if (pthread_create(&thread, &attributes, dive, NULL) != 0) return 1;
  return pthread_join(thread, NULL);
}
