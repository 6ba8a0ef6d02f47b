# Verdict: accepted
# Outcome: exited 0
# Stdout: "10\n"
# Why: semaphores and shared memory need a /dev/shm.
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Semaphore, shared_memory

with Semaphore():
    block = shared_memory.SharedMemory(create=True, size=64)
    block.close()
    block.unlink()
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(int, range(5))))
