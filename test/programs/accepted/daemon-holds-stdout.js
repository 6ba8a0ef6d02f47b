// Verdict: accepted
// Outcome: exited 0
// Stdout: "done\n"
// Why: a detached child inherits standard output and outlives the program that started it.
const { spawn } = require('child_process');
spawn('/usr/bin/sleep', ['600'], { detached: true, stdio: 'inherit' }).unref();
process.stdout.write('done\n', () => process.exit(0));
