// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: looks for what it left the time before, then leaves it again, in files, environment and a detached child.
const fs = require('fs');
const { spawn } = require('child_process');
const marks = ['/tmp/mark', '/box/mark', '/box/node_modules/mark/index.js', '/dev/shm/mark', '/tmp/node-compile-cache/mark'];
const found = marks.filter((path) => fs.existsSync(path));
if (process.env.MARK !== undefined) found.push('environment');
if (fs.readFileSync(__filename, 'utf8').includes('// changed' + ' by itself')) found.push('itself');
found.push(...fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && ![1, process.pid].includes(Number(name))));
for (const path of marks) {
  fs.mkdirSync(require('path').dirname(path), { recursive: true });
  fs.writeFileSync(path, 'x');
}
fs.appendFileSync(__filename, '// changed' + ' by itself\n');
process.env.MARK = 'x';
spawn('/usr/bin/sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();
console.log(found.length === 0 ? 'contained' : found);
