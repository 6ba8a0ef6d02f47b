# Verdict: accepted
# Outcome: exited 0
# Stdin: "10\n"
# Stdout: "2 3 5 7 11 13 17 19 23 29\n"
# Why: a pipeline of generators.
import itertools

def primes():
    found = []
    for number in itertools.count(2):
        if all(number % prime for prime in itertools.takewhile(lambda prime: prime * prime <= number, found)):
            found.append(number)
            yield number

print(*itertools.islice(primes(), int(input())))
