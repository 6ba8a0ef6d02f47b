import sys
from itertools import chain, repeat


def is_success(status):
    return 200 <= status <= 299


def is_worth_retrying(status):
    return not is_success(status)  # a 404 will not be found the second time either


def waits(base, factor, cap):
    wait = base
    while True:
        yield min(wait, cap)
        wait *= factor


first, *lines = sys.stdin.read().splitlines()
words = first.split()
setting = dict(zip(words[::2], map(int, words[1::2])))
answers = [tuple(map(int, line.split())) for line in lines]

time = attempt = 0
backoff = waits(setting["base"], setting["factor"], setting["cap"])
for status, retry_after in chain(answers, repeat(answers[-1])):
    attempt += 1
    wait = max(next(backoff), retry_after)
    again = (
        is_worth_retrying(status)
        and attempt < setting["attempts"]
        and time + wait <= setting["budget"]
    )
    print(f"{time} attempt {attempt}: {status}" + (f", wait {wait}" if again else ""))
    if not again:
        print("done" if is_success(status) else "failed", "after", attempt)
        break
    time += wait
