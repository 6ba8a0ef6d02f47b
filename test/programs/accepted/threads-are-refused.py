# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: threads without end are refused, and the program may go on.
import threading

threading.stack_size(65536)
made, over = 0, threading.Event()
try:
    while made < 1000:
        threading.Thread(target=over.wait, daemon=True).start()
        made += 1
except RuntimeError:
    pass
over.set()
print("contained" if made < 64 else made)
