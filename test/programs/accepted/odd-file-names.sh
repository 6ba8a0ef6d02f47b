# Verdict: accepted
# Outcome: exited 0
# Stdout: "7\n"
# Files: {"$(touch made)": "x", "`touch made`": "x", "a;touch made": "x", "'\"": "x", "*": "x", "{a,b}": "x"}
# Why: names that would be commands if anybody put them into a shell's line.
ls -A | wc -l
