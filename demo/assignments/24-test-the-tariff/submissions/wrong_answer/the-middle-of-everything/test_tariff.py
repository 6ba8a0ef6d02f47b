import unittest

from tariff import ticket


class Tickets(unittest.TestCase):
    def test_child(self):
        self.assertEqual(ticket(3), 0)

    def test_pupil(self):
        self.assertEqual(ticket(10), 120)

    def test_grown_up(self):
        self.assertEqual(ticket(40, zones=2), 350)

    def test_senior(self):
        self.assertEqual(ticket(80), 180)

    def test_bicycle(self):
        self.assertEqual(ticket(40, bicycle=True), 440)
