// Verdict: runtime_error
// Outcome: exited 3
// Why: kill(-1) reaches the program's own processes only.
#include <signal.h>
#include <unistd.h>
int main(void) {
  for (int child = 0; child < 4; child++)
    if (fork() == 0) pause();
  kill(-1, SIGKILL);
  return 3;
}
