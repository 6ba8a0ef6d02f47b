# Verdict: wrong_answer
# Outcome: exited 0
# Stdout: ""
# Answer: "3\n"
# Why: an empty program is a program.
:
