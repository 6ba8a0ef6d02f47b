// Verdict: accepted
// Outcome: exited 0
// Stdin: "the cat and the hat and the bat\n"
// Stdout: "the 3\nand 2\nbat 1\ncat 1\nhat 1\n"
// Why: maps, sorting by two keys and named groups.
const counts = new Map();
for (const { groups } of require('fs').readFileSync(0, 'utf8').matchAll(/(?<word>\p{L}+)/gu)) {
  counts.set(groups.word, (counts.get(groups.word) ?? 0) + 1);
}
const sorted = [...counts].sort(([one, a], [other, b]) => b - a || one.localeCompare(other));
for (const [word, count] of sorted) console.log(word, count);
