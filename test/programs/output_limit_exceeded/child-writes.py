# Verdict: output_limit_exceeded
# Outcome: output_limit
# Why: what children write counts as well, and none of them writes more than a part of the limit.
import subprocess

for _ in range(8):
    subprocess.run(["/usr/bin/head", "-c", "10000", "/dev/zero"])
