// Verdict: accepted
// Outcome: exited 0
// Limits: {"memoryMiB": 512, "cpuTimeMs": 3000}
// Stdout: "499500\n"
// Why: worker threads with messages and shared memory.
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
if (isMainThread) {
  const parts = [0, 500].map(
    (from) =>
      new Promise((resolve, reject) => {
        new Worker(__filename, { workerData: { from, to: from + 500 } }).on('message', resolve).on('error', reject);
      }),
  );
  Promise.all(parts).then(([one, other]) => console.log(one + other));
} else {
  let sum = 0;
  for (let number = workerData.from; number < workerData.to; number += 1) sum += number;
  parentPort.postMessage(sum);
}
