# Verdict: time_limit_exceeded
# Outcome: cpu_limit
# Limits: {"cpuTimeMs": 200}
# Stdin: "60\n"
# Why: honest and exponential.
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

print(fibonacci(int(input())))
