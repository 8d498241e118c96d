package socketserver.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A chat: each line of a client comes to all clients, itself among them. A client sends its next
 * line when all have the one before. A line is counted when the last client has it; a server that
 * changes one, or gives it to a client twice, fails the run. One thread drives all clients.
 */
public final class ChatLoad implements Load {
  private static final int TICK_MILLIS = 100;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int BUFFER = 1 << 13;

  /** Where in a line the number of its client ends, and then that of the line, both in decimal. */
  private static final int CLIENT_END = 4;

  private static final int TURN_END = 14;

  private final Target target;
  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private int underWay;
  private long looked;

  /**
   * Lets the clients join, one after the other: a server knows those whose own line came back.
   *
   * @param target the chat server
   * @param clients how many
   * @throws IOException if one cannot connect, or its line does not come to those that have joined
   */
  public ChatLoad(Target target, int clients) throws IOException {
    this.target = target;
    try {
      for (int i = 0; i < clients; i++) {
        Client client = new Client(i, clients);
        this.clients.add(client);
        client.say();
        settle(Waiting.LIMIT);
        if (client.missing > 0) {
          throw Waiting.tooLong("no line to all from " + client);
        }
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public Count run(Duration time) throws IOException {
    Tally tally = new Tally(time);
    looked = tally.begin();
    for (Client client : clients) {
      if (client.missing == 0) {
        client.say();
      }
    }
    for (long now = looked; !tally.isOver(now); now = System.nanoTime()) {
      receive(tally, tally.millisLeft(now, TICK_MILLIS));
      lookForTheForgotten(tally.begin(), now);
    }
    return tally.count();
  }

  /** Waits for what arrives; without a tally nobody says more. */
  private void receive(Tally tally, long millis) throws IOException {
    selector.select(millis);
    for (SelectionKey key : selector.selectedKeys()) {
      ((Client) key.attachment()).read(tally);
    }
    selector.selectedKeys().clear();
  }

  private void lookForTheForgotten(long begin, long now) throws IOException {
    if (now - looked < LOOK_NANOS) {
      return;
    }
    looked = now;
    for (Client client : clients) {
      if (client.missing > 0 && now - Math.max(client.sent, begin) > Waiting.LIMIT.toNanos()) {
        throw Waiting.tooLong(client.missing + " clients without the line of " + client);
      }
    }
  }

  private void settle(Duration limit) throws IOException {
    long begin = System.nanoTime();
    while (underWay > 0 && System.nanoTime() - begin < limit.toNanos()) {
      receive(null, TICK_MILLIS);
    }
  }

  /** Lets the lines arrive that are under way: servers complain of clients that vanish. */
  @Override
  public void close() throws IOException {
    try {
      settle(Waiting.FAREWELL);
    } catch (IOException e) {
      // whoever drives the load has heard of it, or no longer cares
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private static void write(int number, byte[] line, int begin, int end) {
    for (int i = end, left = number; i > begin; left /= 10) {
      line[--i] = (byte) ('0' + left % 10);
    }
  }

  private Client sender(byte[] lines, int begin) {
    int number = 0;
    for (int i = 0; i < CLIENT_END; i++) {
      number = 10 * number + lines[begin + i] - '0';
    }
    return number >= 0 && number < clients.size() ? clients.get(number) : null;
  }

  private final class Client {
    private final SocketChannel channel = Connecting.connect(target);
    private final ByteBuffer incoming = ByteBuffer.allocate(BUFFER);
    private final byte[] line = new byte[Lines.LENGTH];
    private final int number;

    /** By client: its line that came here last. */
    private final int[] heard;

    private int turn;
    private long sent;

    /** How many clients have not got the line. */
    private int missing;

    Client(int number, int all) throws IOException {
      this.number = number;
      this.heard = new int[all];
      Lines.window(1).get(line);
      write(number, line, 0, CLIENT_END);
      try {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }

    void say() throws IOException {
      write(++turn, line, CLIENT_END, TURN_END);
      missing = clients.size();
      underWay++;
      sent = System.nanoTime();
      // an empty send buffer has room for a line
      channel.write(ByteBuffer.wrap(line));
    }

    void read(Tally tally) throws IOException {
      if (channel.read(incoming) < 0) {
        throw new EOFException("the server closed " + this);
      }
      int begin = 0;
      for (; incoming.position() - begin >= Lines.LENGTH; begin += Lines.LENGTH) {
        take(incoming.array(), begin, tally);
      }
      incoming.flip().position(begin);
      incoming.compact();
    }

    private void take(byte[] lines, int begin, Tally tally) throws IOException {
      Client sender = sender(lines, begin);
      int end = begin + Lines.LENGTH;
      if (sender == null
          || heard[sender.number] == sender.turn
          || !Arrays.equals(lines, begin, end, sender.line, 0, Lines.LENGTH)) {
        throw new IOException("a line that was not said, or came before, to " + this);
      }
      heard[sender.number] = sender.turn;
      if (--sender.missing == 0) {
        underWay--;
        if (tally != null) {
          tally.answered(1, sender.sent, System.nanoTime());
          sender.say();
        }
      }
    }

    @Override
    public String toString() {
      return "client " + number + " of " + clients.size() + " at " + target;
    }
  }
}
