// Verdict: accepted
// Outcome: exited 0
// Stdout: "40000\n"
// Why: threads that share a counter under a mutex.
#include <pthread.h>
#include <stdio.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counter;
static void *count(void *nothing) {
  for (int turn = 0; turn < 10000; turn++) {
    pthread_mutex_lock(&mutex);
    counter++;
    pthread_mutex_unlock(&mutex);
  }
  return nothing;
}
int main(void) {
  pthread_t threads[4];
  for (int index = 0; index < 4; index++) pthread_create(&threads[index], NULL, count, NULL);
  for (int index = 0; index < 4; index++) pthread_join(threads[index], NULL);
  printf("%d\n", counter);
  return 0;
}
