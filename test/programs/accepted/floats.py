# Verdict: accepted
# Outcome: exited 0
# Stdin: "2\n"
# Stdout: "1.41421356 0.30 1e+100 inf nan 1/3 0.1\n"
# Why: floating point, fractions and decimals, as text.
import math
from decimal import Decimal
from fractions import Fraction

x = float(input())
print(f"{math.sqrt(x):.8f} {0.1 + 0.2:.2f} {1e100:g} {float('inf')} {float('nan')} {Fraction(2, 6)} {Decimal('0.30') - Decimal('0.2'):.1f}")
