# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: the first process of the sandbox can be neither stopped nor killed from inside.
for name in STOP KILL TERM INT HUP; do
  kill -$name 1 2>/dev/null
done
echo contained
