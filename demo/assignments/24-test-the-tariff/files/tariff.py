"""What a ticket costs."""

BASE = 240
STEP = 110
BICYCLE = 200


def ticket(age, zones=1, bicycle=False):
    """The price of a ticket, in cents."""
    if zones < 1:
        raise ValueError("zones")
    if age < 0:
        raise ValueError("age")
    base = BASE + (zones - 1) * STEP
    if age < 6:
        price = 0
    elif age < 15:
        price = base // 2
    elif age >= 65:
        price = base * 3 // 4
    else:
        price = base
    if bicycle and price > 0:
        price += BICYCLE
    return price
