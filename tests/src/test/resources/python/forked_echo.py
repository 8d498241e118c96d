"""Recipe 2_1 of the Python Network Programming Cookbook (the fourth seed document), for Python 3.

forked_echo.py runs the server and two clients, forked_echo.py PORT the clients alone, and
forked_echo.py serve the server alone.
"""
import os
import socket
import socketserver
import sys
import threading

BUF_SIZE = 1024
ECHO_MSG = "Hello echo server!"


class ForkedClient:
    def __init__(self, address):
        self.sock = socket.create_connection(address, 30)

    def run(self):
        pid = os.getpid()
        print(f'PID {pid} Sending echo message to the server : "{ECHO_MSG}"')
        sent = self.sock.send(ECHO_MSG.encode())
        print(f"Sent: {sent} characters, so far...")
        response = self.sock.recv(BUF_SIZE)
        print(f"PID {pid} received: {response[5:]}")

    def shutdown(self):
        self.sock.close()


class ForkingServerRequestHandler(socketserver.BaseRequestHandler):
    def handle(self):
        data = self.request.recv(BUF_SIZE).decode()
        response = f"{os.getpid()}: {data}"
        print(f"Server sending response [current_process_id: data] = [{response}]")
        self.request.send(response.encode())


class ForkingServer(socketserver.ForkingMixIn, socketserver.TCPServer):
    pass


def run_clients(address):
    client1 = ForkedClient(address)
    client1.run()
    print("First client running")
    client2 = ForkedClient(address)
    client2.run()
    print("Second client running")
    return client1, client2


# os._exit, which ends a child, forgets what a pipe was to get
sys.stdout.reconfigure(line_buffering=True)
word = sys.argv[1] if len(sys.argv) > 1 else None
if word == "serve":
    server = ForkingServer(("127.0.0.1", 0), ForkingServerRequestHandler)
    print("listening on port", server.server_address[1])
    server.serve_forever()
elif word:
    clients = run_clients(("127.0.0.1", int(word)))
    for client in clients:
        client.shutdown()
else:
    server = ForkingServer(("localhost", 0), ForkingServerRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("Server loop running PID:", os.getpid())
    clients = run_clients(server.server_address)
    server.shutdown()
    for client in clients:
        client.shutdown()
    server.socket.close()
