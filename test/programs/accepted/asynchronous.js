// Verdict: accepted
// Outcome: exited 0
// Stdout: "now\ntick\npromise\ntimer\nlater\n"
// Why: the order in which the event loop takes its tasks.
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
(async () => {
  setTimeout(() => console.log('timer'), 0);
  Promise.resolve().then(() => console.log('promise'));
  process.nextTick(() => console.log('tick'));
  console.log('now');
  await pause(30);
  console.log('later');
})();
