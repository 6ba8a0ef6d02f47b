// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: users and groups, another process's memory, and native code that is written and loaded at run time.
const { spawnSync } = require('child_process');
const fs = require('fs');
const worked = [];
for (const [name, action] of Object.entries({
  setuid: () => process.setuid(0),
  setgid: () => process.setgid(0),
  setgroups: () => process.setgroups([0]),
  priority: () => require('os').setPriority(-10),
  chown: () => fs.chownSync('/box', 0, 0),
  memory: () => fs.openSync('/proc/1/mem', 'r+'),
  native: () => process.dlopen({ exports: {} }, '/proc/1/exe'),
})) {
  try {
    action();
    worked.push(name);
  } catch {
    // Refused.
  }
}
for (const uid of [0, 1]) if (spawnSync('/usr/bin/id', ['-u'], { uid }).status === 0) worked.push(`spawn as ${uid}`);
console.log(worked.length === 0 ? 'contained' : worked);
