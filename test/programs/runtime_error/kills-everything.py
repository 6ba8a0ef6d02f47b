# Verdict: runtime_error
# Outcome: exited 3
# Why: kill(-1) reaches the program's own processes only, and not the sandbox's first one.
import os, signal, sys

if os.fork() == 0:
    signal.pause()
os.kill(-1, signal.SIGKILL)  # Linux spares the caller
sys.exit(3)
