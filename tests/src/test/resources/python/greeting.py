"""The greeting server of the first seed document, for Python 3: greeting.py PORT [sync]"""
import sys
from socketserver import StreamRequestHandler, TCPServer, ThreadingMixIn


class Handler(StreamRequestHandler):
    def handle(self):
        print("Got connection from", self.request.getpeername(), flush=True)
        self.wfile.write(b"Thank you for connecting")


class Server(ThreadingMixIn, TCPServer):
    pass


kind = TCPServer if "sync" in sys.argv else Server
with kind(("127.0.0.1", int(sys.argv[1])), Handler) as server:
    print("listening on port", server.server_address[1], flush=True)
    server.serve_forever()
