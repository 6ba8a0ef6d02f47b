from time import sleep

_, base, _, factor, _, cap, _, attempts, _, budget = input().split()
base, factor, cap, attempts, budget = map(int, (base, factor, cap, attempts, budget))
time = 0
status = retry_after = 0

for n in range(1, attempts + 1):
    try:
        status, retry_after = map(int, input().split())
    except EOFError:
        pass  # the last answer repeats
    print(time, "attempt", f"{n}:", status, end="")
    wait = max(min(base * factor ** (n - 1), cap), retry_after)
    retry = status in (408, 429) or status // 100 == 5
    if not retry or n == attempts or time + wait > budget:
        print()
        break
    print(f", wait {wait}")
    sleep(wait / 1000)  # the plan was not to wait, but to say when
    time += wait

print("done after" if status // 100 == 2 else "failed after", n)
