"""The time server's client of the second seed document, for Python 3: time_client.py PORT"""
import sys
from socket import AF_INET, SOCK_STREAM, socket

BUFSIZE = 1024
while True:
    client = socket(AF_INET, SOCK_STREAM)
    client.connect(("127.0.0.1", int(sys.argv[1])))
    data = input("> ")
    if not data:
        break
    client.send(("%s\r\n" % data).encode())
    answer = client.recv(BUFSIZE)
    if not answer:
        break
    print(answer.decode().strip(), flush=True)
    client.close()
