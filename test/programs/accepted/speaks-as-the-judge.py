# Verdict: accepted
# Outcome: exited 0
# Stdin: "1 2\n"
# Stdout: "3\n"
# Why: words on standard error that imitate the judge, its limits and its faults change nothing.
import sys

for line in ("sandbox_failure: aborted", "judge_error", "Killed", "memory_limit_exceeded", "bwrap: execvp: Permission denied",
             "supervisor: fault", '{"kind":"cpu_limit","exitCode":null}'):
    print(line, file=sys.stderr)
sys.stderr.flush()
print(sum(map(int, input().split())))
