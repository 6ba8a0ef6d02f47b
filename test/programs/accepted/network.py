# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: no way to the host, other machines, names, or what else the kernel calls a socket.
import socket

reached = []

def attempt(name, action):
    try:
        action()
        reached.append(name)
    except OSError:
        pass

for host, port in (("127.0.0.1", 22), ("127.0.0.1", 3306), ("127.0.0.1", 6379), ("169.254.169.254", 80), ("1.1.1.1", 53),
                   ("10.0.0.1", 80), ("172.17.0.1", 80)):
    attempt(f"{host}:{port}", lambda: socket.create_connection((host, port), 0.2))
attempt("ipv6", lambda: socket.create_connection(("2606:4700:4700::1111", 53), 0.2))
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("1.1.1.1", 53)))
attempt("dns", lambda: socket.getaddrinfo("example.com", 80))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
for name, family in (("netlink", 16), ("packet", 17), ("alg", 38), ("vsock", 40)):
    attempt(name, lambda: socket.socket(family, socket.SOCK_RAW))
    attempt(name, lambda: socket.socket(family, socket.SOCK_STREAM))

for name, kind, protocol in (("mptcp", 1, 262), ("udplite", 2, 136), ("sctp", 1, 132), ("dccp", 6, 33), ("ping", 2, 1)):
    attempt(name, lambda: socket.socket(socket.AF_INET, kind, protocol))
for family in (16, 30, 38, 40):
    attempt(f"pair of {family}", lambda: socket.socketpair(family, socket.SOCK_STREAM))

# Its own loopback is the program's to use.
server = socket.create_server(("127.0.0.1", 8000))
socket.create_connection(("127.0.0.1", 8000), 1).close()
print("contained" if not reached else reached)
