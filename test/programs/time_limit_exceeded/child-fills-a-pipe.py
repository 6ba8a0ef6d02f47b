# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 800}
# Why: the usual mistake with subprocesses: wait() without reading what the child writes.
import subprocess

child = subprocess.Popen(["/usr/bin/head", "-c", "1000000", "/dev/zero"], stdout=subprocess.PIPE)
child.wait()
