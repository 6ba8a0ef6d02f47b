// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: the host's files and other processes, through every path that leads out of a careless sandbox.
const fs = require('fs');
const found = [];
const paths = [
  '/etc/shadow', '/root', '/home', '/var', '/srv', '/sys', '/mnt', '/boot', '/run/docker.sock', '/run/systemd', '/proc/1/environ',
  '/proc/1/root/etc', '/proc/1/cwd', '/proc/1/fd', '/proc/1/maps', '/proc/kcore', '/proc/kmsg', '/dev/mem', '/dev/kmsg', '/dev/vda',
  '/etc/hostname', '/etc/ssh', '/lib/modules', '/tmp/..//root', '/proc/self/root/root', '/proc/self/cwd/../root',
];
for (const path of paths) {
  try {
    if (fs.statSync(path).isDirectory()) fs.readdirSync(path);
    else fs.closeSync(fs.openSync(path, 'r'));
    found.push(path);
  } catch {
    // Absent or refused.
  }
}
const known = new Set(['PATH', 'HOME', 'LANG', 'PWD', 'OLDPWD', 'SHLVL', '_']);
found.push(...Object.keys(process.env).filter((name) => !known.has(name)));
found.push(...fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && ![1, process.pid].includes(Number(name))));
if (process.getuid() === 0 || process.geteuid() === 0) found.push('root');
console.log(found.length === 0 ? 'contained' : found);
