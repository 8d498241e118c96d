/** The coroutines of the Diesel library: loops of which one runs at a time, over one event loop. */
module socketserver.diesel {
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.kqueue;
  requires static io.netty.transport.classes.io_uring;
  requires io.netty.transport.unix.common;
  requires org.slf4j;
  requires socketserver.api;
  requires socketserver.netty;

  exports socketserver.diesel;
}
