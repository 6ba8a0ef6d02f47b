# Verdict: accepted
# Outcome: exited 0
# Stdout: "fast slow [0, 1, 4]\n"
# Why: tasks, queues and timers of an event loop, which needs sockets for itself.
import asyncio

async def main():
    order = []

    async def work(name, seconds):
        await asyncio.sleep(seconds)
        order.append(name)

    await asyncio.gather(work("slow", 0.03), work("fast", 0))
    squares = await asyncio.gather(*(asyncio.to_thread(pow, n, 2) for n in range(3)))
    print(*order, squares)

asyncio.run(main())
