package socketserver.bench.server;

import io.netty.buffer.ByteBuf;

/** An 8-byte count, which may come in parts. */
final class NettyCount {
  private long value;
  private int bytes;

  /** Reads of it what there is; returns it when that is all of it, else -1. */
  long read(ByteBuf in) {
    while (in.isReadable() && bytes < Long.BYTES) {
      value = value << Byte.SIZE | in.readUnsignedByte();
      bytes++;
    }
    if (bytes < Long.BYTES) {
      return -1;
    }
    bytes = 0;
    return value;
  }
}
