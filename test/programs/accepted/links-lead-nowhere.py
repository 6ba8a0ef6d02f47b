# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: links to the host's files, loops, pipes and sockets where somebody may collect results.
import os, socket

worked = []

def attempt(name, action):
    try:
        action()
        worked.append(name)
    except OSError:
        pass

os.makedirs("/tmp/out")
os.chdir("/tmp/out")
os.symlink("/etc/shadow", "report.txt")
os.symlink("/proc/1/root/etc/shadow", "report2.txt")
os.symlink("../../../../../../etc/shadow", "report3.txt")
os.symlink("loop", "loop")
os.mkfifo("pipe")
socket.socket(socket.AF_UNIX).bind("socket")
for name in ("report.txt", "report2.txt", "report3.txt", "loop"):
    attempt(name, lambda: open(name).read())
for path in ("/usr/bin/su", "/usr/bin/passwd", "/etc/passwd", "/proc/self/exe"):
    attempt("hard link to " + path, lambda: os.link(path, "hard"))
attempt("device", lambda: os.mknod("device", 0o20666, os.makedev(1, 1)))
print("contained" if not worked else worked)
