"""Runs the Python side of the differential tests.

Commands come in as JSON, one a line:
  {"command": "start", "run": 1, "source": "...", "udp": false, "form": "SYNC",
   "unix": false, "address": "0", "parameters": {...}}
  {"command": "open", "run": 1, "gate": "go"}      lets a handler pass gate("go")
  {"command": "stop", "run": 1}                    ends the server of a run

What happens goes out as JSON, one a line:
  {"run": 1, "address": "4711"}                    the server is bound
  {"run": 1, "client": "50123", "event": "handle"} a hook was called, or a handler said something;
                                                   client is empty if there is none; "child" is
                                                   the child process in which that was, if any
  {"run": 1, "stopped": null}                      the server has ended; an error's text if it failed

An address is a port of the loopback interface, or the path of a Unix socket. Over Unix sockets
the names TCPServer and UDPServer stand for their Unix counterparts, and where the form is FORKING
all names of servers stand for forking ones.

A source defines Handler, and, where it needs them, Server and main(server). All it can name is in
Run.names below. Hooks are reported by classes derived from the source's own, so that a report comes
before anything that an override does.
"""

import contextlib
import functools
import hashlib
import io
import json
import os
import shutil
import socket
import socketserver
import struct
import sys
import tempfile
import threading
import time
import traceback
import warnings

BOUND_SECONDS = 10
POLL_SECONDS = 0.01
LONGEST_SHOWN = 100

out_lock = threading.Lock()
in_child = False


def report(**message):
    data = (json.dumps(message) + "\n").encode()
    with out_lock:
        # one write, which a pipe does not mix with those of other processes
        while data:
            data = data[os.write(1, data):]


def now_in_child():
    """Another thread of the parent's may have held the lock, and does not exist here."""
    global out_lock, in_child
    out_lock = threading.Lock()
    in_child = True


os.register_at_fork(after_in_child=now_in_child)
# a fork beside running threads: none of them holds a lock that a child needs
warnings.simplefilter("ignore", DeprecationWarning)


def show(value):
    """A value as both sides print it."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return show_bytes(bytes(value))
    if isinstance(value, float):
        return "%g s" % value
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show(item) for item in value) + "]"
    return str(value)


def show_bytes(data):
    if len(data) > LONGEST_SHOWN:
        return "%d bytes, sha-256 %s" % (len(data), hashlib.sha256(data).hexdigest()[:16])
    shown = []
    for byte in data:
        if byte == 10:
            shown.append("\\n")
        elif byte == 13:
            shown.append("\\r")
        elif 32 <= byte < 127 and byte not in b"'\\":
            shown.append(chr(byte))
        else:
            shown.append("\\x%02x" % byte)
    return "'" + "".join(shown) + "'"


def address_name(address):
    return str(address[1]) if isinstance(address, tuple) else address


def name(error):
    return type(error).__name__


class Quiet:
    """Without the report on stderr: a failing handler is what many scenarios are about."""

    def handle_error(self, request, client_address):
        pass


class TCPServer(Quiet, socketserver.TCPServer):
    pass


class UDPServer(Quiet, socketserver.UDPServer):
    pass


class ThreadingTCPServer(Quiet, socketserver.ThreadingMixIn, socketserver.TCPServer):
    pass


class ThreadingUDPServer(Quiet, socketserver.ThreadingMixIn, socketserver.UDPServer):
    pass


class UnixStreamServer(Quiet, socketserver.UnixStreamServer):
    pass


class UnixDatagramServer(Quiet, socketserver.UnixDatagramServer):
    pass


class ThreadingUnixStreamServer(
    Quiet, socketserver.ThreadingMixIn, socketserver.UnixStreamServer
):
    pass


class ThreadingUnixDatagramServer(
    Quiet, socketserver.ThreadingMixIn, socketserver.UnixDatagramServer
):
    pass


class ForkingTCPServer(Quiet, socketserver.ForkingMixIn, socketserver.TCPServer):
    pass


class ForkingUDPServer(Quiet, socketserver.ForkingMixIn, socketserver.UDPServer):
    pass


class ForkingUnixStreamServer(Quiet, socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    pass


class ForkingUnixDatagramServer(
    Quiet, socketserver.ForkingMixIn, socketserver.UnixDatagramServer
):
    pass


INET_SERVERS = {
    "TCPServer": TCPServer,
    "UDPServer": UDPServer,
    "ThreadingTCPServer": ThreadingTCPServer,
    "ThreadingUDPServer": ThreadingUDPServer,
}

FORKING_INET_SERVERS = {
    "TCPServer": ForkingTCPServer,
    "UDPServer": ForkingUDPServer,
    "ThreadingTCPServer": ForkingTCPServer,
    "ThreadingUDPServer": ForkingUDPServer,
}

UNIX_SERVERS = {
    "TCPServer": UnixStreamServer,
    "UDPServer": UnixDatagramServer,
    "ThreadingTCPServer": ThreadingUnixStreamServer,
    "ThreadingUDPServer": ThreadingUnixDatagramServer,
}

FORKING_UNIX_SERVERS = {
    "TCPServer": ForkingUnixStreamServer,
    "UDPServer": ForkingUnixDatagramServer,
    "ThreadingTCPServer": ForkingUnixStreamServer,
    "ThreadingUDPServer": ForkingUnixDatagramServer,
}


class Run:
    def __init__(self, number, parameters, unix, form):
        self.number = number
        self.unix = unix
        # where open gates are files, for processes to see
        self.folder = tempfile.mkdtemp() if form == "FORKING" else None
        self.gates = {}
        self.gates_lock = threading.Lock()
        self.local = threading.local()
        self.names = {
            "ThreadingMixIn": socketserver.ThreadingMixIn,
            "BaseRequestHandler": socketserver.BaseRequestHandler,
            "StreamRequestHandler": socketserver.StreamRequestHandler,
            "DatagramRequestHandler": socketserver.DatagramRequestHandler,
            "say": self.say,
            "attempt": self.attempt,
            "gate": self.gate,
            "arrived": self.arrived,
            "name": name,
            "parameters": parameters,
            "contextlib": contextlib,
            "functools": functools,
            "io": io,
            "os": os,
            "socket": socket,
            "socketserver": socketserver,
            "struct": struct,
            "tempfile": tempfile,
            "traced": self.traced_handler,
            "threading": threading,
            "time": time,
        }
        if form == "FORKING":
            self.names.update(FORKING_UNIX_SERVERS if unix else FORKING_INET_SERVERS)
        else:
            self.names.update(UNIX_SERVERS if unix else INET_SERVERS)

    # what a source can call

    def say(self, *values):
        self.trace(" ".join(show(value) for value in values))

    def attempt(self, what, action):
        """Says what an action returns or raises."""
        try:
            result = action()
        except Exception as error:
            self.say(what + ":", name(error))
        else:
            self.say(what + ":", result)

    def gate(self, gate_name):
        """Waits until the client's script opens a gate."""
        if in_child:
            passed = self.gate_file(gate_name)
        else:
            passed = self.gate_event(gate_name).wait(BOUND_SECONDS)
        if not passed:
            self.say("gate %s was not opened in time" % gate_name)

    def arrived(self, request, size):
        """Waits until so many bytes can be received."""
        deadline = time.monotonic() + BOUND_SECONDS
        while len(request.recv(size, socket.MSG_PEEK)) < size:
            if time.monotonic() > deadline:
                self.say("%d bytes did not arrive in time" % size)
                return

    # hooks

    def gate_event(self, gate_name):
        with self.gates_lock:
            return self.gates.setdefault(gate_name, threading.Event())

    def gate_file(self, gate_name):
        """Waits, in a child process, until a gate is open."""
        deadline = time.monotonic() + BOUND_SECONDS
        while not os.path.exists(os.path.join(self.folder, gate_name)):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True

    def open(self, gate_name):
        if self.folder:
            open(os.path.join(self.folder, gate_name), "w").close()
        self.gate_event(gate_name).set()

    def trace(self, text):
        process = {"child": os.getpid()} if in_child else {}
        report(run=self.number, client=getattr(self.local, "client", ""), event=text, **process)

    def enter(self, client_address):
        """From now on this thread works for a client; None for none."""
        self.local.client = address_name(client_address) if client_address else ""

    def traced_handler(self, handler):
        run = self

        class Traced(handler):
            def setup(self):
                run.trace("setup")
                super().setup()

            def handle(self):
                run.trace("handle")
                super().handle()

            def finish(self):
                run.trace("finish")
                super().finish()

        return Traced

    def traced_server(self, server):
        run = self

        class Traced(server):
            def server_bind(self):
                run.trace("server_bind")
                super().server_bind()

            def server_activate(self):
                run.trace("server_activate")
                super().server_activate()

            def server_close(self):
                run.enter(None)
                run.trace("server_close")
                super().server_close()

            def serve_forever(self, poll_interval=POLL_SECONDS):
                try:
                    super().serve_forever(poll_interval)
                finally:
                    run.enter(None)

            def handle_request(self):
                try:
                    super().handle_request()
                finally:
                    run.enter(None)

            def get_request(self):
                run.enter(None)
                try:
                    request, client_address = super().get_request()
                except Exception as error:
                    run.trace("get_request raised " + name(error))
                    raise
                run.enter(client_address)
                run.trace("get_request")
                return request, client_address

            def verify_request(self, request, client_address):
                run.trace("verify_request")
                return super().verify_request(request, client_address)

            def process_request(self, request, client_address):
                run.trace("process_request")
                super().process_request(request, client_address)

            def process_request_thread(self, request, client_address):
                run.enter(client_address)
                run.trace("process_request_thread")
                super().process_request_thread(request, client_address)

            def finish_request(self, request, client_address):
                run.trace("finish_request")
                super().finish_request(request, client_address)

            def shutdown_request(self, request):
                run.trace("shutdown_request")
                super().shutdown_request(request)

            def close_request(self, request):
                run.trace("close_request")
                super().close_request(request)

            def handle_error(self, request, client_address):
                run.trace("handle_error " + name(sys.exc_info()[1]))
                super().handle_error(request, client_address)

            def handle_timeout(self):
                run.enter(None)
                run.trace("handle_timeout")
                super().handle_timeout()

            def service_actions(self):
                run.enter(None)
                super().service_actions()

        return Traced

    # life

    def start(self, source, udp, form, address):
        exec(compile(source, "<scenario>", "exec"), self.names)
        handler = self.names["Handler"]
        if isinstance(handler, type):
            handler = self.traced_handler(handler)
        default = ("Threading" if form == "THREADING" else "") + ("UDPServer" if udp else "TCPServer")
        server = self.names.get("Server", self.names[default])
        self.main = self.names.get("main")
        self.server = self.traced_server(server)(
            address if self.unix else ("127.0.0.1", int(address)), handler
        )
        self.thread = threading.Thread(target=self.work, daemon=True)
        report(run=self.number, address=address_name(self.server.server_address))
        self.thread.start()

    def work(self):
        what = "main" if self.main else "serve_forever"
        try:
            if self.main:
                self.main(self.server)
            else:
                self.server.serve_forever()
        except BaseException as error:
            self.enter(None)
            self.trace(what + " raised " + name(error))

    def stop(self):
        problem = None
        try:
            if not self.main:
                self.server.shutdown()
            self.thread.join(BOUND_SECONDS)
            if self.thread.is_alive():
                problem = "the server's thread has not ended"
            self.server.server_close()
        except BaseException:
            problem = traceback.format_exc()
        if self.folder:
            shutil.rmtree(self.folder)
        report(run=self.number, stopped=problem)


def main():
    # what a thread dies of is not the driver's stderr's business; the hooks have told it
    threading.excepthook = lambda arguments: None
    runs = {}
    report(version=list(sys.version_info[:3]))
    for line in sys.stdin:
        message = json.loads(line)
        number = message["run"]
        if message["command"] == "start":
            run = runs[number] = Run(
                number, message["parameters"], message["unix"], message["form"]
            )
            try:
                run.start(
                    message["source"],
                    message["udp"],
                    message["form"],
                    message["address"],
                )
            except Exception:
                report(run=number, failed=traceback.format_exc())
        elif message["command"] == "open":
            runs[number].open(message["gate"])
        elif message["command"] == "stop":
            # it may take its time, and a gate may have to open meanwhile
            threading.Thread(target=runs[number].stop, daemon=True).start()


main()
