"""Answers one line of each connection, in a process, with CPython's socketserver."""
import socketserver


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline())


with socketserver.ForkingTCPServer(("127.0.0.1", 0), Echo) as server:
    print("port", server.server_address[1], flush=True)
    server.serve_forever()
