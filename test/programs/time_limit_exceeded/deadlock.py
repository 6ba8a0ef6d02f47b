# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 800}
# Why: two threads wait for each other's lock.
import threading

one, other = threading.Lock(), threading.Lock()
both = threading.Barrier(2)

def take(first, second):
    with first:
        both.wait()
        with second:
            pass

threading.Thread(target=take, args=(one, other)).start()
threading.Thread(target=take, args=(other, one)).start()
