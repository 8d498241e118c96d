package socketserver.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A connection for each request: a client connects, sends a line of 64 bytes and reads the answer.
 * Then it closes; or the server does, and the client once it has read the end of the stream. One
 * thread drives all clients. The latencies are from the connect to the last that is read.
 *
 * <p>A client that closes first leaves a port behind that rests for a minute, and 28,000 of one
 * address are soon used up. So the clients take turns with many addresses of 127.0.0.0/8, all of
 * which are this machine on Linux; elsewhere they use the usual one. A reset (a linger of zero)
 * would leave no port either, but would be an error to the server, where the end of a connection is
 * none.
 */
public final class ConnectionLoad implements Load {
  /** Who closes a connection first. */
  public enum FirstToClose {
    /** The client, when it has its answer; the server then reads the end of the stream. */
    CLIENT,
    /** The server, when it has answered. */
    SERVER
  }

  private static final int TICK_MILLIS = 100;
  private static final int ADDRESSES = 250;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Target target;
  private final FirstToClose first;
  private final SocketAddress address;
  private final List<InetSocketAddress> sources;
  private final Selector selector = Selector.open();
  private final ByteBuffer line = Lines.window(1);
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(Lines.LENGTH + 1);
  private final List<Client> clients = new ArrayList<>();
  private int turn;
  private long looked;

  /**
   * Makes the clients, and lets them connect.
   *
   * @param target the server: of line echo, or of an echo of one line if it closes
   * @param clients how many requests are under way at a time
   * @param first who closes
   * @throws IOException if one cannot connect
   */
  public ConnectionLoad(Target target, int clients, FirstToClose first) throws IOException {
    this.target = target;
    this.first = first;
    this.address = Connecting.address(target);
    this.sources = target.path() == null ? sources() : List.of();
    try {
      for (int i = 0; i < clients; i++) {
        Client client = new Client();
        this.clients.add(client);
        client.connect();
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The addresses that the clients take turns with; none where there is only the usual one. */
  private static List<InetSocketAddress> sources() throws IOException {
    List<InetSocketAddress> sources = new ArrayList<>();
    for (int i = 0; i < ADDRESSES; i++) {
      InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (i + 1)});
      sources.add(new InetSocketAddress(address, 0));
    }
    try (SocketChannel probe = SocketChannel.open()) {
      probe.bind(sources.get(0));
      return sources;
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public Count run(Duration time) throws IOException {
    Tally tally = new Tally(time);
    looked = tally.begin();
    for (Client client : clients) {
      if (!client.waits) {
        client.connect();
      }
    }
    for (long now = looked; !tally.isOver(now); now = System.nanoTime()) {
      selector.select(tally.millisLeft(now, TICK_MILLIS));
      for (SelectionKey key : selector.selectedKeys()) {
        Client client = (Client) key.attachment();
        if (client.progress()) {
          tally.answered(1, client.begun, System.nanoTime());
          client.connect();
        }
      }
      selector.selectedKeys().clear();
      lookForTheForgotten(tally.begin(), now);
    }
    return tally.count();
  }

  private void lookForTheForgotten(long begin, long now) throws IOException {
    if (now - looked < LOOK_NANOS) {
      return;
    }
    looked = now;
    for (Client client : clients) {
      if (now - Math.max(client.begun, begin) > Waiting.LIMIT.toNanos()) {
        throw Waiting.tooLong("no answer from " + target);
      }
    }
  }

  /** Lets the answers come that are under way: servers complain of clients that vanish. */
  @Override
  public void close() throws IOException {
    try {
      long begin = System.nanoTime();
      while (clients.stream().anyMatch(client -> client.waits)
          && System.nanoTime() - begin < Waiting.FAREWELL.toNanos()) {
        selector.select(TICK_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
          ((Client) key.attachment()).progress();
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      // whoever drives the load has heard of it, or no longer cares
    }
    for (Client client : clients) {
      if (client.channel != null) {
        client.channel.close();
      }
    }
    selector.close();
  }

  private final class Client {
    private SocketChannel channel;
    private SelectionKey key;
    private long begun;
    private int received;
    private boolean waits;

    void connect() throws IOException {
      waits = true;
      begun = System.nanoTime();
      received = 0;
      channel = Connecting.open(target);
      channel.configureBlocking(false);
      if (!sources.isEmpty()) {
        turn = (turn + 1) % sources.size();
        channel.bind(sources.get(turn));
      }
      try {
        if (channel.connect(address)) {
          key = channel.register(selector, SelectionKey.OP_READ, this);
          send();
        } else {
          key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        }
      } catch (IOException e) {
        throw failure("cannot connect", e);
      }
    }

    private void send() throws IOException {
      // an empty send buffer has room for a line
      channel.write(line.duplicate());
    }

    /** Does what can be done without waiting, and tells whether the request is done with. */
    boolean progress() throws IOException {
      try {
        if (key.isConnectable()) {
          channel.finishConnect();
          key.interestOps(SelectionKey.OP_READ);
          send();
          return false;
        }
        int read = channel.read(incoming.clear().position(received));
        if (read < 0 && (first == FirstToClose.CLIENT || received < Lines.LENGTH)) {
          throw new EOFException("closed after " + received + " bytes of " + Lines.LENGTH);
        }
        if (read >= 0) {
          received += read;
          if (received >= Lines.LENGTH) {
            Lines.check(incoming, received - Lines.LENGTH, "a connection to " + target);
          }
          if (received < Lines.LENGTH || first == FirstToClose.SERVER) {
            return false;
          }
        }
      } catch (IOException e) {
        throw failure("no answer", e);
      }
      waits = false;
      channel.close();
      return true;
    }

    private IOException failure(String what, IOException cause) {
      return new IOException(what + " from " + target + ": " + cause.getMessage(), cause);
    }
  }
}
