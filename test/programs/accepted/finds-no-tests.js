// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: looks everywhere for expected outputs, other tests' inputs and what grades it.
const fs = require('fs');
const found = [];
const devices = ['null', 'zero', 'full', 'random', 'urandom', 'stdin', 'stdout', 'stderr', 'fd', 'shm'];
const known = new Set(['/autograder', '/box/main.js', ...devices.map((name) => `/dev/${name}`)]);
const skipped = new Set(['usr', 'proc', 'node_modules', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32', 'etc', 'opt']);
function walk(folder) {
  let entries = [];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (folder === '' && skipped.has(entry.name)) continue;
    if (known.has(path)) continue;
    if (entry.isDirectory()) walk(path);
    else if (entry.isSymbolicLink() || fs.statSync(path).size > 0) found.push(path);
  }
}
walk('');
console.log(found.length === 0 ? 'contained' : found);
