// Verdict: accepted
// Outcome: exited 0
// Stdin: [["abcdefghij", 50000]]
// Stdout: "500000\n"
// Why: a stream of pieces, whose sizes are nobody's business.
let length = 0;
process.stdin.on('data', (piece) => {
  length += piece.length;
});
process.stdin.on('end', () => console.log(length));
