/** Internet sockets over Netty, and its pipelines. */
@SuppressWarnings("module") // what is exported to is built later
module socketserver.netty {
  requires transitive io.netty.buffer;
  requires transitive io.netty.common;
  requires transitive io.netty.handler;
  requires transitive io.netty.transport;
  requires transitive socketserver.api;
  requires io.netty.codec;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.kqueue;
  requires static io.netty.transport.classes.io_uring;
  requires io.netty.transport.unix.common;
  requires jdk.net;
  requires org.slf4j;

  exports socketserver.netty;
  exports socketserver.netty.datagram to
      socketserver.unix;
  exports socketserver.netty.ground to
      socketserver.diesel,
      socketserver.unix;
  exports socketserver.netty.listen to
      socketserver.unix;
  exports socketserver.netty.loop to
      socketserver.diesel,
      socketserver.unix;
  exports socketserver.netty.socket to
      socketserver.unix;
  exports socketserver.netty.stream to
      socketserver.diesel,
      socketserver.unix;

  provides socketserver.spi.Transport with
      socketserver.netty.NettyTransport;
}
