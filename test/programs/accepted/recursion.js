// Verdict: accepted
// Outcome: exited 0
// Stdout: "5000 125\n"
// Why: a stack of some thousand frames, and Ackermann's function.
const down = (n) => (n === 0 ? 0 : 1 + down(n - 1));
const ackermann = (m, n) => (m === 0 ? n + 1 : ackermann(m - 1, n === 0 ? 1 : ackermann(m, n - 1)));
console.log(down(5_000), ackermann(3, 4));
