package socketserver.tls;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import socketserver.EventLoopMixIn;

/** What is logged at WARN and above, and printed on System.err, while this is open. */
final class Reports implements AutoCloseable {
  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender = new Lines();
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  Reports() {
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
  }

  /** The messages logged so far. */
  List<String> lines() {
    return lines;
  }

  String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
    System.setErr(before);
  }

  private final class Lines extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      boolean slow = event.getLoggerName().equals(EventLoopMixIn.class.getName());
      // how long handlers keep their event loops on a busy machine is no matter of TLS
      if (event.getLevel().isGreaterOrEqual(Level.WARN) && !slow) {
        String trace = event.getThrowableProxy() == null ? "" : "\n(with a stack trace)";
        lines.add(event.getFormattedMessage() + trace);
      }
    }
  }
}
