# Verdict: accepted
# Outcome: exited 0
# Stdin: "x\n"
# Stdout: "done\n"
# Why: a program may close its streams and go on for a while.
import os, time

os.write(1, b"done\n")
for descriptor in (0, 1, 2):
    os.close(descriptor)
time.sleep(0.05)
os._exit(0)
