# Verdict: wrong_answer
# Outcome: exited 0
# Stdin: "1 2\n"
# Answer: "3\n"
# Why: runs well and is wrong; the sandbox does not care.
print(12)
