# Verdict: wrong_answer
# Outcome: exited 0
# Stdin: "1 2\n"
# Stdout: "1+2\n"
# Answer: "3\n"
# Why: a sum that nobody computed.
read -r a b
echo "$a+$b"
