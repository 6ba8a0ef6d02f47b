/** Adds the numbers that it reads from the named file, or from standard input where none is named. */
export const PYTHON_PROGRAM = `import sys
source = open(sys.argv[1]) if len(sys.argv) > 1 else sys.stdin
print(sum(int(word) for word in source.read().split()))
`;

/** The same in JavaScript. */
export const JAVASCRIPT_PROGRAM = `const fs = require('node:fs');
const text = fs.readFileSync(process.argv[2] ?? 0, 'utf8');
console.log(text.trim().split(/\\s+/).reduce((sum, word) => sum + Number(word), 0));
`;
