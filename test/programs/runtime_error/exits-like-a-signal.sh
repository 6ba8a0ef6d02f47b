# Verdict: runtime_error
# Outcome: exited 139
# Why: an exit status of 128 + 11 is not a SIGSEGV.
exit 139
