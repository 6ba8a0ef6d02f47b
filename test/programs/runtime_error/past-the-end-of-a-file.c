// Verdict: runtime_error
// Outcome: signalled SIGBUS
// Why: a mapping longer than its file.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  int file = open("/tmp/short", O_CREAT | O_RDWR, 0600);
  if (ftruncate(file, 100) != 0) return 1;
  volatile char *bytes = mmap(NULL, 1 << 20, PROT_READ, MAP_SHARED, file, 0);
  return bytes[500000];
}
