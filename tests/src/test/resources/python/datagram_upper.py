"""A UDP server that answers each line in capitals, numbered: datagram_upper.py PORT"""
import sys
from socketserver import DatagramRequestHandler, ThreadingUDPServer


class Handler(DatagramRequestHandler):
    def handle(self):
        for number, line in enumerate(self.rfile, 1):
            self.wfile.write(b"%d " % number + line.upper())


with ThreadingUDPServer(("127.0.0.1", int(sys.argv[1])), Handler) as server:
    print("receiving on port", server.server_address[1], flush=True)
    server.serve_forever()
