// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: the first process of the sandbox can be neither stopped nor killed from inside.
for (const pid of new Set([1, process.ppid].filter((number) => number > 0))) {
  for (const name of ['SIGSTOP', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGUSR1']) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'EPERM' && error.code !== 'ESRCH') console.log(error.code);
    }
  }
}
console.log('contained');
