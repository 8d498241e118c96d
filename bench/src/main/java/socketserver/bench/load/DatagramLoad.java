package socketserver.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * UDP echo: each socket sends 64 bytes and waits for its answer. One thread drives all sockets. A
 * datagram without an answer is lost, not counted, and sent again after 200 ms; answers bear the
 * number of their question, so that a late one is not taken for another's.
 */
public final class DatagramLoad implements Load {
  private static final int SIZE = 64;
  private static final int TICK_MILLIS = 50;
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Target target;
  private final Selector selector = Selector.open();
  private final ByteBuffer packet = ByteBuffer.allocateDirect(SIZE);
  private final List<Client> clients = new ArrayList<>();

  /**
   * Opens the sockets, and sends the first datagrams.
   *
   * @param target the datagram echo server
   * @param sockets how many
   * @throws IOException if the system refuses
   */
  public DatagramLoad(Target target, int sockets) throws IOException {
    this.target = target;
    try {
      for (int i = 0; i < sockets; i++) {
        Client client = new Client(DatagramChannel.open());
        clients.add(client);
        client.channel.connect(Connecting.address(target));
        client.channel.configureBlocking(false);
        client.channel.register(selector, SelectionKey.OP_READ, client);
        client.ask();
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public Count run(Duration time) throws IOException {
    Tally tally = new Tally(time);
    long looked = tally.begin();
    for (Client client : clients) {
      client.heard = looked;
    }
    for (long now = looked; !tally.isOver(now); now = System.nanoTime()) {
      selector.select(tally.millisLeft(now, TICK_MILLIS));
      for (SelectionKey key : selector.selectedKeys()) {
        Client client = (Client) key.attachment();
        if (client.isAnswered()) {
          client.heard = System.nanoTime();
          tally.answered(1, client.sent, client.heard);
          client.ask();
        }
      }
      selector.selectedKeys().clear();
      if (now - looked > AGAIN_NANOS / 4) {
        looked = now;
        for (Client client : clients) {
          client.askAgain(now);
        }
      }
    }
    return tally.count();
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  private final class Client {
    private final DatagramChannel channel;
    private long number;
    private long sent;
    private long heard;

    Client(DatagramChannel channel) {
      this.channel = channel;
    }

    void ask() throws IOException {
      number++;
      sent = System.nanoTime();
      packet.clear().putLong(0, number);
      // an empty send buffer has room for it; if not, it is one of those that are lost
      channel.write(packet);
    }

    void askAgain(long now) throws IOException {
      if (now - heard > Waiting.LIMIT.toNanos()) {
        throw Waiting.tooLong("no answer from " + target);
      }
      if (now - sent > AGAIN_NANOS) {
        ask();
      }
    }

    boolean isAnswered() throws IOException {
      packet.clear();
      int read;
      try {
        read = channel.read(packet);
      } catch (IOException e) {
        throw new IOException("no answer from " + target + ": " + e, e);
      }
      return read == SIZE && packet.getLong(0) == number;
    }
  }
}
