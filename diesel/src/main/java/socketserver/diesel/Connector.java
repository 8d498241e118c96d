package socketserver.diesel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import socketserver.netty.ground.ChannelErrors;

/** Connects a stream for the loop that waits for it. */
final class Connector {
  private static final String CONNECT = "connect";

  private final Application application = Loop.current().application();
  private final String host;
  private final InetSocketAddress remote;
  private final InetAddress source;
  private final SSLContext sslCtx;

  /** What has come of it: one of the two is null. */
  private record Outcome(Connection connection, IOException failure) {}

  Connector(String host, InetSocketAddress remote, InetAddress source, SSLContext sslCtx) {
    this.host = host;
    this.remote = remote;
    this.source = source;
    this.sslCtx = sslCtx;
  }

  /** Waits until it is connected; null for no time-out. */
  Connection connect(Duration timeout) throws IOException {
    Wait wait = Wait.begin();
    Channel channel = application.network().channels().newStream(remote.getAddress());
    Fired fired;
    try {
      channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
      Streams.configure(channel);
      StreamConnection connection = new StreamConnection(application, channel, remote);
      Streams.handle(
          channel,
          connection,
          sslCtx == null ? null : Streams.client(sslCtx, host, remote.getPort()),
          failure -> tell(wait, new Outcome(connection, inTermsOfTheApi(failure))));
      start(channel, wait);
      if (timeout != null) {
        wait.sleep(timeout);
      }
      fired = wait.await();
    } catch (Throwable e) {
      wait.cancel();
      channel.close();
      throw e;
    }
    String name = "(" + host + ":" + remote.getPort() + ")";
    if (!(fired.value() instanceof Outcome outcome)) {
      channel.close();
      throw new ClientConnectionTimeout("connection timeout " + name, null);
    }
    if (outcome.failure != null) {
      channel.close();
      throw new ClientConnectionError("Could not connect to remote host " + name, outcome.failure);
    }
    return outcome.connection;
  }

  private void start(Channel channel, Wait wait) {
    application
        .network()
        .register(channel)
        .addListener(
            registered -> {
              InetSocketAddress from = source == null ? null : new InetSocketAddress(source, 0);
              channel
                  .connect(remote, from)
                  .addListener(
                      connected -> {
                        if (!connected.isSuccess()) {
                          tell(wait, new Outcome(null, refused(connected.cause())));
                        }
                      });
            });
  }

  private IOException refused(Throwable cause) {
    return ChannelErrors.ofConnecting(remote, cause);
  }

  private static IOException inTermsOfTheApi(Throwable failure) {
    return failure == null ? null : ChannelErrors.ofReading(failure);
  }

  private void tell(Wait wait, Outcome outcome) {
    application.scheduler().post(() -> wait.end(CONNECT, outcome));
  }
}
