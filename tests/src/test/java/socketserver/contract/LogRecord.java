package socketserver.contract;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Keeps what is logged while it is open. */
final class LogRecord extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final Logger logger;

  private LogRecord(Logger logger) {
    this.logger = logger;
  }

  /** Starts to keep what a logger, and those below it, log. */
  static LogRecord of(String name) {
    LogRecord record = new LogRecord((Logger) LoggerFactory.getLogger(name));
    record.start();
    record.logger.addAppender(record);
    return record;
  }

  @Override
  protected void append(ILoggingEvent event) {
    events.add(event);
  }

  /** What was logged at a level. */
  List<ILoggingEvent> at(Level level) {
    return events.stream().filter(event -> event.getLevel() == level).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    stop();
  }
}
