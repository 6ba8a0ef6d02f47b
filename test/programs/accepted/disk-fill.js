// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: a full disk is an error that the program can catch, and room that is given back can be used again.
const fs = require('fs');
const block = Buffer.alloc(1 << 20, 'x');
const found = [];
for (const folder of ['/box', '/tmp', '/dev/shm']) {
  const file = fs.openSync(`${folder}/big`, 'w');
  let written = 0;
  try {
    while (written < 64 << 20) written += fs.writeSync(file, block);
  } catch (error) {
    if (error.code !== 'ENOSPC') found.push(error.code);
  }
  if (written > 16 << 20) found.push(`${folder}: ${written}`);
  fs.closeSync(file);
  fs.unlinkSync(`${folder}/big`);
  fs.writeFileSync(`${folder}/small`, 'x');
}
for (const path of ['/x', '/usr/x', '/etc/x', '/run/x', '/proc/x', '/dev/x']) {
  try {
    fs.writeFileSync(path, 'x');
    found.push(path);
  } catch {
    // Refused.
  }
}
console.log(found.length === 0 ? 'contained' : found);
