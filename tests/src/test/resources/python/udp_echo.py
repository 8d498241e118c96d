"""A UDP server that answers in capitals: udp_echo.py PORT"""
import sys
from socketserver import BaseRequestHandler, UDPServer


class MyUDPHandler(BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        data = data.strip()
        print(self.client_address[0], "wrote:", flush=True)
        print(data.decode(), flush=True)
        sock.sendto(data.upper(), self.client_address)


with UDPServer(("127.0.0.1", int(sys.argv[1])), MyUDPHandler) as server:
    print("receiving on port", server.server_address[1], flush=True)
    server.serve_forever()
