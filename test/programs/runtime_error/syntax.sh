# Verdict: runtime_error
# Outcome: exited 2
# Why: an interpreted program fails when it runs.
if true; then
  echo 3
