import unittest

from tariff import ticket


class Tickets(unittest.TestCase):
    def test_child(self):
        self.assertEqual(ticket(6), 0)

    def test_pupil(self):
        self.assertEqual(ticket(10), 120)

    def test_grown_up(self):
        self.assertEqual(ticket(40), 240)

    def test_senior(self):
        self.assertEqual(ticket(65), 180)
