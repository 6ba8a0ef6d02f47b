# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: a file with holes needs no space, so that the size of single files is limited too.
import errno, signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open("sparse", "wb") as file:
        file.truncate(1 << 40)
    print("made")
except OSError as error:
    print("contained" if error.errno == errno.EFBIG else error)
