"""Sends each line back, on a Unix socket: unix_echo.py PATH"""
import socket
import struct
import sys
from socketserver import StreamRequestHandler, UnixStreamServer


class Handler(StreamRequestHandler):
    def handle(self):
        credentials = self.request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        pid, uid, gid = struct.unpack("3i", credentials)
        print("Connected: user", uid, flush=True)
        for line in self.rfile:
            self.wfile.write(line)


with UnixStreamServer(sys.argv[1], Handler) as server:
    print("listening on", server.server_address, flush=True)
    server.serve_forever()
