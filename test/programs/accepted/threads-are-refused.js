// Verdict: accepted
// Outcome: exited 0
// Limits: {"processes": 24, "memoryMiB": 512, "cpuTimeMs": 3000}
// Stdout: "contained\n"
// Why: worker threads without end are refused with an error, and the program may go on.
const { Worker } = require('worker_threads');
let made = 0;
function more() {
  if (made >= 24) return end(made);
  try {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
    worker.on('online', () => {
      made += 1;
      more();
    });
    worker.on('error', refused);
  } catch (error) {
    refused(error);
  }
}
function refused(error) {
  end(error.code === 'ERR_WORKER_INIT_FAILED' ? 'contained' : error.code);
}
function end(words) {
  process.stdout.write(`${words}\n`, () => process.exit(0));
}
more();
