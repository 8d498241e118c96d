"""The chat of recipe 2_3 of the Cookbook, as it speaks and prints: chat.py --name=NAME --port=PORT"""
import argparse
import pickle
import select
import socket
import struct
import sys

HEADER = struct.Struct(">I4x")


def show(text, end="\n"):
    print(text, end=end, flush=True)


def send(sock, text):
    body = pickle.dumps((text,), args.protocol)
    sock.sendall(HEADER.pack(len(body)))
    sock.sendall(body)


def receive(sock):
    header = sock.recv(HEADER.size, socket.MSG_WAITALL)
    if len(header) < HEADER.size:
        return ""
    (length,) = HEADER.unpack(header)
    return pickle.loads(sock.recv(length, socket.MSG_WAITALL))[0]


def serve():
    server = socket.create_server(("localhost", args.port), backlog=5)
    show("Server listening to port: %d ..." % server.getsockname()[1])
    names = {}

    def tell(text, but):
        for other in names:
            if other is not but:
                send(other, text)

    while True:
        for sock in select.select([server, sys.stdin, *names], [], [])[0]:
            if sock is server:
                client, address = server.accept()
                show("Chat server: got connection %d from %s" % (client.fileno(), address))
                name = receive(client).split("NAME: ")[1] + "@" + address[0]
                send(client, "CLIENT: " + address[0])
                tell("\n(Connected: New client (%d) from %s)" % (len(names) + 1, name), client)
                names[client] = name
            elif sock is sys.stdin:
                return
            else:
                text = receive(sock)
                if text:
                    tell("\n#[%s]>>%s" % (names[sock], text), sock)
                    continue
                show("Chat server: %d hung up" % sock.fileno())
                name = names.pop(sock)
                sock.close()
                tell("\n(Now hung up: Client from %s)" % name, None)


def talk():
    sock = socket.create_connection(("localhost", args.port))
    show("Now connected to chat server@ port %d" % args.port)
    send(sock, "NAME: " + args.name)
    prompt = "[%s@%s]> " % (args.name, receive(sock).split("CLIENT: ")[1])
    while True:
        show(prompt, end="")
        for ready in select.select([sys.stdin, sock], [], [])[0]:
            if ready is sock:
                text = receive(sock)
                if not text:
                    return show("Client shutting down.")
                show(text)
            else:
                line = sys.stdin.readline()
                if not line:
                    return None
                if line.strip():
                    send(sock, line.strip())


parser = argparse.ArgumentParser()
parser.add_argument("--name", required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--protocol", type=int, default=pickle.DEFAULT_PROTOCOL)
args = parser.parse_args()
serve() if args.name == "server" else talk()
