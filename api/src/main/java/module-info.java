/**
 * Python's {@code socketserver}: servers whose requests are handled by a class with a blocking
 * {@code handle()}. Needs a module that brings sockets, such as {@code socketserver.netty}.
 */
module socketserver.api {
  requires java.management;
  requires org.slf4j;

  exports socketserver;
  exports socketserver.select;
  exports socketserver.selectors;
  exports socketserver.spi;

  uses socketserver.spi.Forking;
  uses socketserver.spi.Transport;
}
