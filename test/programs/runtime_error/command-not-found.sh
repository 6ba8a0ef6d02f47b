# Verdict: runtime_error
# Outcome: exited 127
# Why: a tool that is not on this machine.
no-such-tool-here
