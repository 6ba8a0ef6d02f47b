# Verdict: wrong_answer
# Outcome: exited 0
# Stdin: "1 2\n"
# Stdout: "Two numbers, please: 3\n"
# Answer: "3\n"
# Why: words for a person in front of the machine are output too.
print(sum(map(int, input("Two numbers, please: ").split())))
