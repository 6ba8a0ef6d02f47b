# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: a full disk is refused with ENOSPC, which the program may survive.
import errno, os

def fill(folder):
    written = 0
    try:
        with open(folder + "/big", "wb") as file:
            while written < 64 << 20:
                written += file.write(b"x" * (1 << 20))
    except OSError as error:
        assert error.errno == errno.ENOSPC, error
    size = os.path.getsize(folder + "/big")
    os.unlink(folder + "/big")
    return size <= 16 << 20

def refused(path):
    try:
        open(path, "w")
    except OSError:
        return True
    return False

ok = [fill("/box"), fill("/tmp"), fill("/dev/shm")]
ok += [refused(path) for path in ("/x", "/usr/x", "/etc/x", "/dev/x", "/run/x", "/proc/1/x", "/proc/sys/kernel/core_pattern")]
print("contained" if all(ok) else ok)
