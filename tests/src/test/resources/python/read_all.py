"""Connects and prints all that the server sends: read_all.py PORT [CERT, to read over TLS]"""
import socket
import ssl
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30) as sock:
    if len(sys.argv) > 2:
        context = ssl.create_default_context(cafile=sys.argv[2])
        # an end without close_notify is an error then
        sock = context.wrap_socket(
            sock, server_hostname="localhost", suppress_ragged_eofs=False
        )
    received = b""
    while True:
        data = sock.recv(1024)
        if not data:
            break
        received += data
    sock.close()
print(received.decode())
