# Verdict: accepted
# Outcome: exited 0
# Stdin: [["17 4\n", 2000]]
# Stdout: "42000\n"
# Why: a loop over lines.
total=0
while read -r a b; do total=$((total + a + b)); done
echo $total
