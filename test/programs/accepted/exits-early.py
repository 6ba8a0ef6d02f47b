# Verdict: accepted
# Outcome: exited 0
# Stdout: "begun\ncleaned up\n"
# Why: sys.exit runs what was registered for the end.
import atexit, sys

atexit.register(print, "cleaned up")
print("begun")
sys.exit(0)
