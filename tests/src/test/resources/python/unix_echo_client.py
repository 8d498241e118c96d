"""Sends a text to a Unix socket and prints the answer: unix_echo_client.py PATH TEXT..."""
import socket
import sys

data = " ".join(sys.argv[2:])
with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
    sock.settimeout(30)
    sock.connect(sys.argv[1])
    sock.sendall((data + "\n").encode())
    received = sock.makefile(encoding="utf-8").readline()
print("Sent:     " + data)
print("Received: " + received.rstrip())
