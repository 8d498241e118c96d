/** The coroutines of the Diesel library: loops of which one runs at a time, over one event loop. */
module socketserver.diesel {
  requires io.netty.buffer;
  requires io.netty.codec;
  requires org.slf4j;
  requires socketserver.api;
  requires socketserver.netty;

  exports socketserver.diesel;
}
