# Verdict: accepted
# Outcome: exited 0
# Stdout: [["line of output\n", 4000]]
# Why: output of two writers, one after the other.
yes 'line of output' | head -n 3000
for _ in {1..1000}; do echo 'line of output'; done
