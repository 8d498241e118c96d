"""The voice menu of the third seed document, for Python 3: voice_menu.py PORT"""
import sys
from socketserver import BaseRequestHandler, ThreadingTCPServer


class MyServer(BaseRequestHandler):
    def handle(self):
        conn = self.request
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


with ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), MyServer) as server:
    print("listening on port", server.server_address[1], flush=True)
    server.serve_forever()
