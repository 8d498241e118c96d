package socketserver.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.netty.Pipelines;

/**
 * From the event loop to a handler that waits: a line of 64 bytes arrives in the pipeline, not from
 * the system, and the handler that has it wakes the one who measures. So there are two wake-ups of
 * threads beside the one of the hand-off: of the loop, and of the measuring thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandOffBenchmark {
  private final byte[] line = Lines.text(1, 64);
  private LoopbackServer server;
  private StreamSocket client;
  private ChannelPipeline pipeline;

  /** Set before the handler's thread begins. */
  private Thread measuring;

  private long sent;

  /** Written by the handler's thread. */
  private volatile long received;

  /** Connects, and waits for the handler. */
  @Setup(Level.Trial)
  public void connect() throws Exception {
    measuring = Thread.currentThread();
    var connection = new CompletableFuture<StreamSocket>();
    server = new LoopbackServer(() -> new Receiver(connection));
    client = StreamSocket.connect(server.address());
    pipeline = Pipelines.of(connection.get(10, TimeUnit.SECONDS));
  }

  /** Tells how many lines it has. */
  private final class Receiver extends StreamRequestHandler {
    private final CompletableFuture<StreamSocket> connection;

    Receiver(CompletableFuture<StreamSocket> connection) {
      this.connection = connection;
    }

    @Override
    public void handle() throws IOException {
      connection.complete(request);
      long count = 0;
      for (byte[] next = rfile.readline(); next.length > 0; next = rfile.readline()) {
        received = ++count;
        LockSupport.unpark(measuring);
      }
    }
  }

  /** Disconnects. */
  @TearDown(Level.Trial)
  public void disconnect() {
    client.close();
    server.close();
  }

  /** There and back. */
  @Benchmark
  public void handOff() {
    pipeline.channel().eventLoop().execute(this::arrive);
    sent++;
    while (received < sent) {
      LockSupport.park(this);
    }
  }

  /** On the event loop. */
  private void arrive() {
    ByteBuf arrived = pipeline.channel().alloc().directBuffer(line.length);
    pipeline.fireChannelRead(arrived.writeBytes(line)).fireChannelReadComplete();
  }
}
