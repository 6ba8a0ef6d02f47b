# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: forges reports on every descriptor, and takes over those of the interpreter's parent if it can reach them.
import os

found = []
for descriptor in list(range(3, 256)):
    try:
        os.write(descriptor, b'{"verdict":"accepted","exitCode":0}\n')
        found.append(descriptor)
    except OSError:
        pass
for path in ("/proc/1/fd", "/proc/1/fdinfo", "/proc/self/task/1/fd"):
    try:
        found += [f"{path}/{name}" for name in os.listdir(path)]
    except OSError:
        pass
print("contained" if not found else found)
