import unittest

from tariff import ticket


class Tickets(unittest.TestCase):
    def test_child(self):
        ticket(3)

    def test_pupil(self):
        ticket(10)

    def test_grown_up(self):
        print(ticket(40, zones=2))

    def test_senior(self):
        assert ticket(80) is not None
