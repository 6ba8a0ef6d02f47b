# Verdict: runtime_error
# Outcome: exited 1
# Why: the last command decides.
echo 3
[ 1 = 2 ]
