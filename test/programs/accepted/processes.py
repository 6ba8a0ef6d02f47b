# Verdict: accepted
# Outcome: exited 0
# Stdout: "[0, 1, 4, 9]\n"
# Why: a pool of processes, which wants semaphores and pipes.
import multiprocessing

def square(n):
    return n * n

if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(pool.map(square, range(4)))
