# Verdict: accepted
# Outcome: exited 0
# Stdin: "Grüße, 漢字 und 😀\n"
# Stdout: "GRÜSSE, 漢字 UND 😀 16\n"
# Why: the locale is UTF-8, whatever the machine's is.
line = input()
print(line.upper(), len(line.upper()))
