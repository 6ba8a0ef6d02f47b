// Verdict: accepted
// Outcome: exited 0
// Stdout: "0.30000000000000004 1e+21 -0 NaN 1.41 9007199254740993\n"
// Why: numbers as the language writes them, and integers without end.
console.log(String(0.1 + 0.2), String(1e21), -0, 0 / 0, Math.SQRT2.toFixed(2), String(2n ** 53n + 1n));
