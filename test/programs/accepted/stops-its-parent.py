# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: the first process of the sandbox can be neither stopped nor killed from inside.
import os, signal

for number in (signal.SIGSTOP, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSEGV):
    os.kill(1, number)
print("contained")
