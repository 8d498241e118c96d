"""The voice menu's client of the third seed document, for Python 3: voice_menu_client.py PORT"""
import socket
import sys

client = socket.socket()
client.connect(("127.0.0.1", int(sys.argv[1])))
while True:
    client_input = input("please input message:").strip()
    client.sendall(client_input.encode())
    server_data = client.recv(1024)
    print(server_data.decode(), flush=True)
