# Verdict: accepted
# Outcome: exited 0
# Stdout: "done\n"
# Why: grandchildren in sessions of their own, which ignore every signal they can, hold all streams open.
import os, signal, sys, time

for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        for number in range(1, 32):
            if number not in (signal.SIGKILL, signal.SIGSTOP):
                signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            time.sleep(600)
        time.sleep(600)
sys.stdout.write("done\n")
