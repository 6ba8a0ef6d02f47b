# Verdict: accepted
# Outcome: exited 0
# Stdout: "woken\n"
# Why: signals of a program's own are delivered.
import signal

def wake(number, frame):
    print("woken")

signal.signal(signal.SIGALRM, wake)
signal.setitimer(signal.ITIMER_REAL, 0.02)
signal.pause()
