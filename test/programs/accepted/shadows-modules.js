// Verdict: accepted
// Outcome: exited 0
// Stdout: "own words, core fs\n"
// Files: {"fs.js": "throw new Error('own fs');\n", "words.js": "module.exports = 'own words';\n", "node_modules/words/index.js": "module.exports = 'words of a package';\n", ".npmrc": "node-options=--require ./words.js\n", ".node_repl_history": "x\n"}
// Why: files of the names of core modules change nothing; a relative path means the file.
const fs = require('fs');
console.log(`${require('./words')}, ${typeof fs.readFileSync === 'function' ? 'core fs' : 'another fs'}`);
