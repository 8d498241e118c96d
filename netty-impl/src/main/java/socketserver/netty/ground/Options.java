package socketserver.netty.ground;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads and sets a socket's options by their numbers. */
public interface Options {
  void set(int level, int name, int value) throws IOException;

  void set(int level, int name, byte[] value) throws IOException;

  int get(int level, int name) throws IOException;

  byte[] get(int level, int name, int length) throws IOException;

  /** The options of a descriptor. */
  record Native(Socket socket) implements Options {
    @Override
    public void set(int level, int name, int value) throws IOException {
      check();
      try {
        socket.setIntOpt(level, name, value);
      } catch (IOException | ChannelException e) {
        throw refused("set", level, name, e);
      }
    }

    @Override
    public void set(int level, int name, byte[] value) throws IOException {
      check();
      try {
        socket.setRawOpt(level, name, ByteBuffer.wrap(value));
      } catch (IOException | ChannelException e) {
        throw refused("set", level, name, e);
      }
    }

    @Override
    public int get(int level, int name) throws IOException {
      check();
      try {
        return socket.getIntOpt(level, name);
      } catch (IOException | ChannelException e) {
        throw refused("read", level, name, e);
      }
    }

    @Override
    public byte[] get(int level, int name, int length) throws IOException {
      check();
      ByteBuffer value = ByteBuffer.allocate(length);
      try {
        socket.getRawOpt(level, name, value);
      } catch (IOException | ChannelException e) {
        throw refused("read", level, name, e);
      }
      // some versions leave the position where the value ends, some leave it alone
      int end = value.position() > 0 ? value.position() : length;
      return Arrays.copyOf(value.array(), end);
    }

    private void check() throws IOException {
      if (!socket.isOpen()) {
        throw new SocketException("bad file descriptor: the socket is closed");
      }
    }

    private static SocketException refused(String what, int level, int name, Exception cause) {
      SocketException error =
          new SocketException(
              "cannot "
                  + what
                  + " option "
                  + name
                  + " of level "
                  + level
                  + ": "
                  + cause.getMessage());
      error.initCause(cause);
      return error;
    }
  }
}
