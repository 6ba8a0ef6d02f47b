// Verdict: accepted
// Outcome: exited 0
// Stdin: "banana\napple\n"
// Stdout: "apple\nbanana\nended with 3\n"
// Why: other programs, with a shell and without.
const { execFileSync, spawn } = require('child_process');
process.stdout.write(execFileSync('sort', { input: require('fs').readFileSync(0) }));
spawn('exit 3', { shell: true }).on('close', (code) => console.log(`ended with ${code}`));
