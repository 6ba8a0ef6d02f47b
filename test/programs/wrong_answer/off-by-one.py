# Verdict: wrong_answer
# Outcome: exited 0
# Stdin: "5\n"
# Stdout: "10\n"
# Answer: "15\n"
# Why: a range that ends too early.
print(sum(range(int(input()))))
