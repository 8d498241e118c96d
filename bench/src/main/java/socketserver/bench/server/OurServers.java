package socketserver.bench.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;

/** This library's four servers with one strategy: made, not yet bound. */
interface OurServers {
  TCPServer tcp(SocketAddress address, HandlerFactory<StreamSocket> handler) throws IOException;

  UDPServer udp(SocketAddress address, HandlerFactory<DatagramRequest> handler) throws IOException;

  TCPServer unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException;

  UDPServer unixDatagrams(Path path, HandlerFactory<DatagramRequest> handler) throws IOException;
}
