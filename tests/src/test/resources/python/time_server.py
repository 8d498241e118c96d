"""The time server of the second seed document, for Python 3: time_server.py PORT"""
import sys
from socketserver import StreamRequestHandler, TCPServer
from time import ctime


class MyRequestHandler(StreamRequestHandler):
    def handle(self):
        print("Connected from", self.client_address, flush=True)
        self.wfile.write(b"[%s] %s" % (ctime().encode(), self.rfile.readline()))


with TCPServer(("127.0.0.1", int(sys.argv[1])), MyRequestHandler) as server:
    print("listening on port", server.server_address[1], flush=True)
    server.serve_forever()
