# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: looks for what it left the time before, then leaves it again: files, memory, queues, sockets and a daemon.
import ctypes, os, socket, time

libc = ctypes.CDLL(None)
found = [path for path in ("/tmp/mark", "/dev/shm/mark", "/box/mark", "/box/main.py.old", "/tmp/.hidden/mark") if os.path.exists(path)]

def attempt(name, action):
    try:
        action()
        found.append(name)
    except OSError:
        pass

if libc.shmget(0x4D41, 4096, 0) >= 0:
    found.append("shared memory")
if libc.msgget(0x4D41, 0) >= 0:
    found.append("queue")
if libc.semget(0x4D41, 1, 0) >= 0:
    found.append("semaphore")
attempt("abstract socket", lambda: socket.socket(socket.AF_UNIX).connect("\0mark"))
attempt("port", lambda: socket.create_connection(("127.0.0.1", 7001), 0.2))

for path in ("/tmp/mark", "/dev/shm/mark", "/box/mark", "/box/main.py.old"):
    open(path, "w").write("x")
os.makedirs("/tmp/.hidden")
open("/tmp/.hidden/mark", "w").write("x")
libc.shmget(0x4D41, 4096, 0o1666)
libc.msgget(0x4D41, 0o1666)
libc.semget(0x4D41, 1, 0o1666)
held = socket.create_server(("127.0.0.1", 7001))
ready, told = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        abstract = socket.socket(socket.AF_UNIX)
        abstract.bind("\0mark")
        abstract.listen(1)
        os.write(told, b"x")
        time.sleep(600)
    os._exit(0)
os.read(ready, 1)
print("contained" if not found else found)
