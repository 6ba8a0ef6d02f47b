// Verdict: accepted
// Outcome: exited 0
// Stdout: "\u0001\u0002\u001b[2J\t\u007f\r\n\u0000end"
// Why: control characters and NUL bytes arrive as they were written.
process.stdout.write(Buffer.from([1, 2, 27, 91, 50, 74, 9, 127, 13, 10, 0, 101, 110, 100]));
