# Verdict: accepted
# Outcome: exited 0
# Stdout: "Account(owner='Ada', balance=70)\ninsufficient\nclosed\n"
# Why: data classes, context managers, exceptions and operators.
import contextlib, dataclasses

class Insufficient(Exception):
    pass

@dataclasses.dataclass
class Account:
    owner: str
    balance: int = 0

    def __isub__(self, amount):
        if amount > self.balance:
            raise Insufficient
        self.balance -= amount
        return self

@contextlib.contextmanager
def opened(owner, balance):
    try:
        yield Account(owner, balance)
    except Insufficient:
        print("insufficient")
    finally:
        print("closed")

with opened("Ada", 100) as account:
    account -= 30
    print(account)
    account -= 100
