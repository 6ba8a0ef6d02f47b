# Verdict: wrong_answer
# Outcome: exited 0
# Answer: "3\n"
# Why: noise of the kernel.
head -c 1000 /dev/urandom
