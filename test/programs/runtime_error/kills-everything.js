// Verdict: runtime_error
// Outcome: exited 3
// Why: kill(-1) reaches the program's own processes only.
require('child_process').spawn('/usr/bin/sleep', ['100']).on('exit', () => process.exit(3));
process.kill(-1, 'SIGKILL');
