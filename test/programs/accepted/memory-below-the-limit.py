# Verdict: accepted
# Outcome: exited 0
# Stdout: "134217728\n"
# Why: half of the limit is nobody's business.
held = bytearray(b"x") * (128 << 20)
print(len(held))
