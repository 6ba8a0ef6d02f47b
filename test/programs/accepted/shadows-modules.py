# Verdict: accepted
# Outcome: exited 0
# Stdin: "[1, 2]\n"
# Stdout: "own json\n3\n"
# Files: {"json.py": "print('own json')\nimport ast\nloads = ast.literal_eval\n", "traceback.py": "print('own traceback')\n", "select.py": "print('own select')\n", "socket.py": "print('own socket')\n", "tokenize.py": "print('own tokenize')\n", "signal.py": "print('own signal')\n", "struct.py": "print('own struct')\n", "__init__.py": "print('own package')\n"}
# Why: a file of a module's name is the module for whoever imports it, and for nobody else.
import json

print(sum(json.loads(input())))
