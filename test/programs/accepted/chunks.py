# Verdict: accepted
# Outcome: exited 0
# Stdin: [["abcdefghij", 50000]]
# Stdout: "500000 50000\n"
# Why: reads without lines, in pieces of odd sizes.
import os

length = count = 0
while piece := os.read(0, 7919):
    length += len(piece)
    count += piece.count(b"j")
print(length, count)
