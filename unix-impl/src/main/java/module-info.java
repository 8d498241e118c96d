/** Unix sockets, and servers whose requests are handled in processes of their own. */
module socketserver.unix {
  requires io.netty.transport.unix.common;
  requires java.management;
  requires org.newsclub.net.unix;
  requires org.slf4j;
  requires socketserver.api;
  requires socketserver.netty;

  provides socketserver.spi.Forking with
      socketserver.unix.fork.JvmForking;
  provides socketserver.spi.Transport with
      socketserver.unix.UnixTransport;
}
