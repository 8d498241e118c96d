"""The simplified server of the third seed document, for Python 3: simplified_server.py PORT"""
import select
import socket
import sys
import threading


def process(request, client_address):
    print(request, client_address, flush=True)
    conn = request
    conn.sendall("欢迎致电 10086,请输入1xxx,0转人工服务.".encode())
    flag = True
    while flag:
        data = conn.recv(1024).decode()
        if data == "exit":
            flag = False
        elif data == "0":
            conn.sendall("通过可能会被录音.balabala一大推".encode())
        else:
            conn.sendall("请重新输入.".encode())


sk = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sk.bind(("127.0.0.1", int(sys.argv[1])))
sk.listen(5)
print("listening on port", sk.getsockname()[1], flush=True)
while True:
    r, w, e = select.select([sk], [], [], 1)
    print("looping", flush=True)
    if sk in r:
        print("get request", flush=True)
        request, client_address = sk.accept()
        threading.Thread(target=process, args=(request, client_address)).start()
        del request
