// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 200}
// Why: threads share one CPU limit, however many there are.
#include <atomic>
#include <thread>
int main() {
  std::atomic<bool> over{false};
  auto work = [&over] {
    while (!over) {
    }
  };
  std::thread one(work), other(work), third(work);
  one.join();
  other.join();
  third.join();
}
