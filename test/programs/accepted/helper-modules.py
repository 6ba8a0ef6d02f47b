# Verdict: accepted
# Outcome: exited 0
# Stdin: "3\n"
# Stdout: "9 27 shapes.solid\n"
# Files: {"shapes/__init__.py": "from .flat import square\n", "shapes/flat.py": "def square(n):\n    return n * n\n", "shapes/solid.py": "from shapes import square\n\ndef cube(n):\n    return n * square(n)\n"}
# Why: a package of several files.
from shapes import solid, square

n = int(input())
print(square(n), solid.cube(n), solid.__name__)
