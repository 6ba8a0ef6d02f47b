# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: the kernel's lists of locks, mounts, sockets and memory show nothing of other boxes or the host.
import os, re

found = []
def lines(path):
    try:
        return open(path).read().splitlines()
    except OSError:
        return []

found += lines("/proc/locks")
found += [line for line in lines("/proc/net/unix")[1:] if len(line.split()) > 7]  # those with a name
found += lines("/proc/net/tcp")[1:] + lines("/proc/net/udp")[1:]
for name in ("shm", "msg", "sem"):
    found += lines(f"/proc/sysvipc/{name}")[1:]
found += [line for line in lines("/proc/self/mountinfo") if re.search(r"/(home|root|work|srv|var)\b", line.split(" - ")[0].split()[4])]
found += [line for line in lines("/proc/keys")]
print("contained" if not found else found)
