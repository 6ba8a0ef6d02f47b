# Verdict: accepted
# Outcome: exited 0
# Stdout: "4950\n"
# Why: producers and consumers with a queue between them.
import queue, threading

numbers, sums = queue.Queue(), []

def consume():
    total = 0
    while (number := numbers.get()) is not None:
        total += number
    sums.append(total)

threads = [threading.Thread(target=consume) for _ in range(4)]
for thread in threads:
    thread.start()
for number in [*range(100), *[None] * 4]:
    numbers.put(number)
for thread in threads:
    thread.join()
print(sum(sums))
