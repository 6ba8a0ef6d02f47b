# Verdict: accepted
# Outcome: exited 0
# Stdin: "1 2\n"
# Stdout: "3\n"
# Why: the plain case.
read -r a b
echo $((a + b))
