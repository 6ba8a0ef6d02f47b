# Verdict: accepted
# Outcome: exited 0
# Stdout: "done\n"
# Why: a grandchild in its own session holds all three streams; the result must not wait for it.
import os, sys, time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.wait()
sys.stdout.write("done\n")
