# Verdict: accepted
# Outcome: exited 0
# Stdin: "600 12\n"
# Stdout: "600 4095\n"
# Why: recursion as deep as the interpreter allows, and as often as the time allows.
depth, discs = map(int, input().split())

def down(n):
    return 0 if n == 0 else 1 + down(n - 1)

def moves(n):
    return 0 if n == 0 else moves(n - 1) + 1 + moves(n - 1)

print(down(depth), moves(discs))
