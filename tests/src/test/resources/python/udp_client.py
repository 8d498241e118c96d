"""Sends a text by UDP and prints the answer: udp_client.py PORT TEXT..."""
import socket
import sys

data = " ".join(sys.argv[2:])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.settimeout(30)
    sock.sendto((data + "\n").encode(), ("127.0.0.1", int(sys.argv[1])))
    received = sock.recv(1024).decode()
print("Sent:     " + data)
print("Received: " + received)
