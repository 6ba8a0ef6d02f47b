import unittest

import tariff

# age, zones, bicycle: price, or None where there is none
PRICES = [
    (5, 1, False, 0),
    (5, 2, True, 0),
    (6, 1, False, 120),
    (14, 3, False, 230),
    (15, 3, False, 460),
    (64, 1, True, 440),
    (65, 2, False, 262),
    (66, 1, True, 380),
    (-1, 1, False, None),
    (30, 0, False, None),
]


class Prices(unittest.TestCase):
    def case(self, age, zones, bicycle, price):
        if price is None:
            self.assertRaises(ValueError, tariff.ticket, age, zones, bicycle)
        else:
            self.assertEqual(tariff.ticket(age, zones, bicycle), price)


for number, line in enumerate(PRICES):
    setattr(Prices, f"test_{number}", lambda self, line=line: self.case(*line))
