// Verdict: accepted
// Outcome: exited 0
// Stdin: "3\n"
// Stdout: "9 27\n"
// Files: {"shapes/flat.js": "exports.square = (n) => n * n;\n", "shapes/index.js": "const { square } = require('./flat');\nmodule.exports = { square, cube: (n) => n * square(n) };\n"}
// Why: modules of several files.
const { square, cube } = require('./shapes');
const n = Number(require('fs').readFileSync(0, 'utf8'));
console.log(square(n), cube(n));
