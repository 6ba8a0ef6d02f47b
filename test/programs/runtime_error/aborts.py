# Verdict: runtime_error
# Outcome: signalled SIGABRT
# Why: a crash below the interpreter.
import os

os.abort()
