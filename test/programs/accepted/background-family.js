// Verdict: accepted
// Outcome: exited 0
// Stdout: "done\n"
// Why: a process that ends by process.exit() while its children and worker threads go on.
const { fork } = require('child_process');
const { Worker } = require('worker_threads');
if (process.argv[2] === 'child') {
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => {});
  process.on('disconnect', () => {});
  setInterval(() => {}, 1_000);
} else {
  fork(__filename, ['child'], { detached: true }).on('spawn', () => {
    new Worker('setInterval(() => {}, 1000)', { eval: true }).on('online', () => {
      process.stdout.write('done\n', () => process.exit(0));
    });
  });
}
