# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: raises its own limits, opens files without end, and forks until it is refused.
import errno, os, resource, signal

found = []
for name in ("NOFILE", "FSIZE", "CPU", "CORE", "NPROC", "MEMLOCK"):
    limit = getattr(resource, "RLIMIT_" + name)
    try:
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        found.append(name)
    except (ValueError, OSError):
        pass

opened = []
try:
    while len(opened) < 100000:
        opened.append(os.open("/dev/null", os.O_RDONLY))
    found.append("files")
except OSError as error:
    if error.errno != errno.EMFILE or len(opened) > 1024:
        found.append(error)
for descriptor in opened:
    os.close(descriptor)

children = []
try:
    while len(children) < 500:
        child = os.fork()
        if child == 0:
            signal.pause()
            os._exit(0)
        children.append(child)
    found.append("processes")
except OSError as error:
    if error.errno != errno.EAGAIN or len(children) >= 64:
        found.append((error, len(children)))
for child in children:
    os.kill(child, signal.SIGKILL)
print("contained" if not found else found)
