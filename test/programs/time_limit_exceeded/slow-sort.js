// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 400}
// Why: honest and quadratic.
const numbers = Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 200_003);
for (let end = numbers.length; end > 1; end -= 1) {
  for (let at = 1; at < end; at += 1) {
    if (numbers[at - 1] > numbers[at]) [numbers[at - 1], numbers[at]] = [numbers[at], numbers[at - 1]];
  }
}
console.log(numbers[0]);
