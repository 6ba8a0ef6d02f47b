# Verdict: accepted
# Outcome: exited 0
# Stdout: "\u0001\u0002\u001b[2J\t\u007f\r\n\u0000end"
# Why: control characters and NUL bytes arrive as they were written.
import sys

sys.stdout.buffer.write(b"\x01\x02\x1b[2J\t\x7f\r\n\x00end")
