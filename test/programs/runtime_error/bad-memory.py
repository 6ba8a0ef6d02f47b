# Verdict: runtime_error
# Outcome: signalled SIGSEGV
# Why: a foreign function with an address that is none.
import ctypes

ctypes.string_at(1)
