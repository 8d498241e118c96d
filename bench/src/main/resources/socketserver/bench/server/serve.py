"""Runs one server of CPython's socketserver until standard input ends or the process is told to.

usage: serve.py STRATEGY PROTOCOL

Prints "port N" or "path P" once it listens.
"""
import os
import select
import signal
import socket
import socketserver
import sys
import tempfile
import threading

PIECE = 65536


class UnixLineEcho(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class LineEcho(UnixLineEcho):
    disable_nagle_algorithm = True


class OneLine(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        self.wfile.write(self.rfile.readline())


class Sink(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while count := self.rfile.read(8):
            left = int.from_bytes(count, "big")
            while left > 0:
                piece = self.rfile.read(min(left, PIECE))
                if not piece:
                    raise EOFError(f"the client closed with {left} bytes to come")
                left -= len(piece)
            self.wfile.write(b"!")


class Source(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        piece = memoryview(bytes(PIECE))
        while count := self.rfile.read(8):
            left = int.from_bytes(count, "big")
            while left > 0:
                self.wfile.write(piece[:left])
                left -= len(piece[:left])


class DatagramEcho(socketserver.BaseRequestHandler):
    def handle(self):
        data, socket = self.request
        socket.sendto(data, self.client_address)


class Listening:
    request_queue_size = 1024


class TCPServer(Listening, socketserver.TCPServer):
    pass


class UnixStreamServer(Listening, socketserver.UnixStreamServer):
    pass


# The threads and processes of requests do not keep this one from ending.
class Threading(socketserver.ThreadingMixIn):
    daemon_threads = True


class Forking(socketserver.ForkingMixIn):
    block_on_close = False


class Sync:
    pass


STRATEGIES = {"sync": Sync, "threading": Threading, "forking": Forking}

def epoll_echo(listener):
    """Answers each line with itself, in one loop on select.epoll for all connections."""
    listener.setblocking(False)
    epoll = select.epoll()
    epoll.register(listener.fileno(), select.EPOLLIN)
    connections = {}
    begun = {}
    unsent = {}

    def answer(line):
        return line

    def send(fd, connection, data):
        try:
            sent = connection.send(data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            unsent[fd] = data[sent:]
            epoll.modify(fd, select.EPOLLOUT)

    def turn(fd):
        connection = connections[fd]
        try:
            if fd in unsent:
                epoll.modify(fd, select.EPOLLIN)
                send(fd, connection, unsent.pop(fd))
                return
            data = connection.recv(PIECE)
            if data:
                lines = (begun.pop(fd, b"") + data).splitlines(True)
                if not lines[-1].endswith(b"\n"):
                    begun[fd] = lines.pop()
                if lines:
                    send(fd, connection, b"".join([answer(line) for line in lines]))
                return
        except ConnectionError:
            pass
        begun.pop(fd, None)
        unsent.pop(fd, None)
        del connections[fd]
        connection.close()

    while True:
        for fd, event in epoll.poll():
            if fd in connections:
                turn(fd)
                continue
            while True:
                try:
                    connection, _ = listener.accept()
                except BlockingIOError:
                    break
                connection.setblocking(False)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connections[connection.fileno()] = connection
                epoll.register(connection.fileno(), select.EPOLLIN)


PROTOCOLS = {
    "lines": (TCPServer, LineEcho),
    "line": (TCPServer, OneLine),
    "sink": (TCPServer, Sink),
    "source": (TCPServer, Source),
    "datagrams": (socketserver.UDPServer, DatagramEcho),
    "unix-lines": (UnixStreamServer, UnixLineEcho),
    "unix-datagrams": (socketserver.UnixDatagramServer, DatagramEcho),
}


def end(signum, frame):
    """Exits, once: the end of the input and a signal from outside may come together."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def end_with_input():
    """Ends the process, by way of the main thread, when whoever started it lets go of it."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main_epoll():
    signal.signal(signal.SIGTERM, end)
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        print(f"port {listener.getsockname()[1]}", flush=True)
        threading.Thread(target=end_with_input, daemon=True).start()
        epoll_echo(listener)


def main(strategy, protocol):
    if (strategy, protocol) == ("epoll", "lines"):
        main_epoll()
        return
    if strategy not in STRATEGIES or protocol not in PROTOCOLS:
        sys.stderr.write(f"no such server: {strategy} {protocol}\n")
        sys.stderr.write(f"there is {' '.join(STRATEGIES)}: {' '.join(PROTOCOLS)}; epoll: lines\n")
        sys.exit(2)
    base, handler = PROTOCOLS[protocol]
    server_class = type("Server", (STRATEGIES[strategy], base), {})
    signal.signal(signal.SIGTERM, end)
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        unix = protocol.startswith("unix-")
        address = os.path.join(folder, "socket") if unix else ("127.0.0.1", 0)
        with server_class(address, handler) as server:
            where = f"path {address}" if unix else f"port {server.server_address[1]}"
            print(where, flush=True)
            threading.Thread(target=end_with_input, daemon=True).start()
            server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.stderr.write(__doc__)
        sys.exit(2)
    main(*sys.argv[1:])
