"""A greeting server that starts TLS in setup(): tls_greeting.py CERT KEY PORT"""
import ssl
import sys
from socketserver import StreamRequestHandler, ThreadingTCPServer

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])


class Handler(StreamRequestHandler):
    def setup(self):
        self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self):
        print("Got", self.request.version(), "connection", flush=True)
        self.wfile.write(b"Thank you for connecting")
        self.request.unwrap()


with ThreadingTCPServer(("127.0.0.1", int(sys.argv[3])), Handler) as server:
    print("listening on port", server.server_address[1], flush=True)
    server.serve_forever()
