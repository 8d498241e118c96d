"""The ThreadingMixIn example of the second seed document, for Python 3."""
import socket
import threading
from socketserver import BaseRequestHandler, TCPServer, ThreadingMixIn


class ThreadedTCPRequestHandler(BaseRequestHandler):
    def handle(self):
        data = self.request.recv(1024).decode("ascii")
        name = threading.current_thread().name
        self.request.sendall(f"{name}: {data}".encode("ascii"))


class ThreadedTCPServer(ThreadingMixIn, TCPServer):
    pass


def client(address, message):
    with socket.create_connection(address) as sock:
        sock.sendall(message.encode("ascii"))
        print("Received:", sock.recv(1024).decode("ascii"))


with ThreadedTCPServer(("localhost", 0), ThreadedTCPRequestHandler) as server:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    print("Server loop running in thread:", thread.name)
    for number in 1, 2, 3:
        client(server.server_address, f"Hello World {number}")
    server.shutdown()
