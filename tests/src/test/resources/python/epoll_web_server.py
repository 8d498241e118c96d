"""The web server of recipe 2_4 of the Cookbook, as it answers and prints: epoll_web_server.py PORT"""
import select
import socket
import sys

RESPONSE = b"\r\n".join([
    b"HTTP/1.1 200 OK",
    b"Date: Mon, 1 Apr 2013 01:01:01 GMT",
    b"Content-Type: text/plain",
    b"Content-Length: 25",
    b"",
    b"\nHello from Epoll Server!",
])

listener = socket.create_server(("localhost", int(sys.argv[1])), backlog=1)
listener.setblocking(False)
print("Started Epoll Server", flush=True)
print("listening on port", listener.getsockname()[1], flush=True)
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)
peers = {}
asked = {}
answers = {}
while True:
    for fd, events in epoll.poll(1):
        if fd == listener.fileno():
            peer, _ = listener.accept()
            peer.setblocking(False)
            epoll.register(peer, select.EPOLLIN)
            peers[peer.fileno()] = peer
            asked[peer.fileno()] = b""
            answers[peer.fileno()] = RESPONSE
        elif events & select.EPOLLIN:
            asked[fd] += peers[fd].recv(1024)
            if b"\n\n" in asked[fd] or b"\n\r\n" in asked[fd]:
                epoll.modify(fd, select.EPOLLOUT)
                print("-" * 40 + "\n" + asked[fd].decode()[:-2], flush=True)
        elif events & select.EPOLLOUT:
            answers[fd] = answers[fd][peers[fd].send(answers[fd]):]
            if not answers[fd]:
                epoll.modify(fd, 0)
                peers[fd].shutdown(socket.SHUT_RDWR)
        elif events & select.EPOLLHUP:
            epoll.unregister(fd)
            peers.pop(fd).close()
