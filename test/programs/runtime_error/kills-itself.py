# Verdict: runtime_error
# Outcome: signalled SIGKILL
# Why: the signal of the memory limit, by the program's own hand.
import os, signal

os.kill(os.getpid(), signal.SIGKILL)
