import unittest

from tariff import ticket


class Ages(unittest.TestCase):
    def test_children_below_six_are_free(self):
        self.assertEqual(ticket(0), 0)
        self.assertEqual(ticket(5, zones=3), 0)

    def test_half_from_six_to_fourteen(self):
        self.assertEqual(ticket(6), 120)
        self.assertEqual(ticket(14, zones=2), 175)

    def test_all_of_it_from_fifteen_on(self):
        self.assertEqual(ticket(15), 240)
        self.assertEqual(ticket(64), 240)

    def test_three_quarters_from_sixty_five_on(self):
        self.assertEqual(ticket(65), 180)
        self.assertEqual(ticket(90, zones=2), 262)

    def test_nobody_is_younger_than_nothing(self):
        with self.assertRaises(ValueError):
            ticket(-1)


class Zones(unittest.TestCase):
    def test_each_costs_more(self):
        self.assertEqual([ticket(30, zones=count) for count in (1, 2, 5)], [240, 350, 680])

    def test_there_is_at_least_one(self):
        with self.assertRaises(ValueError):
            ticket(30, zones=0)


class Bicycles(unittest.TestCase):
    def test_cost_the_same_for_all_who_pay(self):
        self.assertEqual(ticket(30, bicycle=True), 440)
        self.assertEqual(ticket(10, bicycle=True), 320)

    def test_of_children_are_free(self):
        self.assertEqual(ticket(3, bicycle=True), 0)


if __name__ == "__main__":
    unittest.main()
