# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: looks everywhere for expected outputs, other tests' inputs and what grades it.
import os

found = []
for folder, folders, files in os.walk("/", onerror=lambda error: None):
    if folder == "/":
        folders[:] = [name for name in folders if name not in ("usr", "proc", "node_modules", "autograder", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc")]
    found += [os.path.join(folder, name) for name in files]
devices = {"/dev/" + name for name in ("null", "zero", "full", "random", "urandom", "stdin", "stdout", "stderr", "fd", "shm")}
# An empty file is where something was mounted that a program shall not see.
rest = [path for path in found if path not in devices and path not in ("/box/main.py", "/autograder")
        and (os.path.islink(path) or os.path.getsize(path) > 0) and not path.startswith("/opt/")]
print("contained" if not rest else rest)
