# Verdict: accepted
# Outcome: exited 0
# Stdout: "200 hello\n"
# Why: a server and its client on the program's own loopback.
import http.server, threading, urllib.request

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *words):
        pass

with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/") as answer:
        print(answer.status, answer.read().decode())
    server.shutdown()
