"""Does what it reads, line by line, with CPython's select.epoll, and says what that tells.

Sockets have numbers from 0; those of a pair follow one another. After each step comes a line with
what was told of each: the state where that is told again and again, else all that was told.
"""
import select
import socket
import struct
import sys

ONCE = select.EPOLLET | select.EPOLLONESHOT
CHUNK = bytes(50000)

epoll = select.epoll()
sockets = []
numbers = {}
masks = {}
sent = {}
received = {}
full = set()


def tcp():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        client = socket.create_connection(listener.getsockname())
        return listener.accept()[0], client


def pair(kind):
    for made in tcp() if kind == "tcp" else socket.socketpair():
        made.setblocking(False)
        numbers[made.fileno()] = len(sockets)
        sent[len(sockets)] = received[len(sockets)] = 0
        sockets.append(made)


def write(number, count):
    left = count
    while left > 0:
        try:
            left -= sockets[number].send(bytes(left))
        except BlockingIOError:
            select.select([], [sockets[number]], [], 0.01)
    sent[number] += count


def fill(number):
    full.add(number)
    while True:
        try:
            sent[number] += sockets[number].send(CHUNK)
        except BlockingIOError:
            if not select.select([], [sockets[number]], [], 0.05)[1]:
                return


def stay_full():
    # on a busy machine the system moves on late what it has taken, and has room again
    for number in full:
        if select.select([], [sockets[number]], [], 0)[1]:
            fill(number)


def read(number, count):
    left = count
    while left > 0:
        try:
            left -= len(sockets[number].recv(left))
        except BlockingIOError:
            select.select([sockets[number]], [], [], 0.01)
    received[number] += count


def drain(number):
    full.discard(number ^ 1)
    read(number, sent[number ^ 1] - received[number])


def end(number):
    assert sockets[number].recv(1) == b""


def error(number):
    try:
        sockets[number].recv(1)
        raise AssertionError("no error")
    except ConnectionResetError:
        pass


def half(number):
    full.discard(number)
    sockets[number].shutdown(socket.SHUT_WR)


def close(number):
    full.discard(number)
    full.discard(number ^ 1)
    del numbers[sockets[number].fileno()]
    masks.pop(number, None)
    sockets[number].close()


def reset(number):
    sockets[number].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    close(number)


def register(number, mask):
    epoll.register(sockets[number], mask)
    masks[number] = mask


def modify(number, mask):
    epoll.modify(sockets[number], mask)
    masks[number] = mask


def unregister(number):
    epoll.unregister(sockets[number])
    del masks[number]


def told():
    once = {}
    last = None
    same = 0
    while same < 3:
        state = {}
        for fd, events in epoll.poll(0.004 if same else 0, 1000):
            number = numbers[fd]
            if masks[number] & ONCE:
                once[number] = once.get(number, 0) | events
                same = 0
            else:
                state[number] = events
        same = same + 1 if state == last else 0
        last = state
        if same and state:
            # the poll did not wait
            select.select([], [], [], 0.004)
    return {**last, **once}


for line in sys.stdin:
    name, *arguments = line.split()
    if name == "pair":
        pair(arguments[0])
    else:
        globals()[name](*(int(argument) for argument in arguments))
    stay_full()
    print(" ".join(f"{number}:{events:x}" for number, events in sorted(told().items())), flush=True)
