# Verdict: accepted
# Outcome: exited 0
# Stdin: "x\n"
# Stdout: "x\nout\n"
# Why: scripts open the standard streams by name; that works with real pipes and files only.
cat /dev/stdin
echo out >/dev/stdout
echo err >/dev/stderr
