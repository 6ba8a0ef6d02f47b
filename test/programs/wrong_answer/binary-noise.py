# Verdict: wrong_answer
# Outcome: exited 0
# Answer: "3\n"
# Why: bytes that are no text in any encoding.
import sys

sys.stdout.buffer.write(bytes(range(256)) * 16)
