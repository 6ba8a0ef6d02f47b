# Verdict: wrong_answer
# Outcome: exited 0
# Stdin: "1 2\n"
# Answer: "3\n"
# Files: {"sitecustomize.py": "import builtins\nbuiltins.sum = lambda numbers: 0\n", "usercustomize.py": "print('start')\n", "python3": "#!/bin/sh\necho 3\n", "conftest.py": "print(3)\n"}
# Why: start files of the interpreter, and a program of its name, beside the submission; nobody reads them unless asked.
import builtins, sitecustomize

print(builtins.sum(map(int, input().split())))
