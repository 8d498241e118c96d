package socketserver.contract;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a contract of connections is run with.
 *
 * @param ground what it runs on
 * @param sockets the kind of connection
 * @param accepted true for a connection that the library accepted, false for one that it made
 */
record StreamSetting(Ground ground, Sockets sockets, boolean accepted) implements OnGround.Setting {
  /** The kinds of connections. */
  enum Sockets {
    TCP(folder -> new Tcp()),

    /** With a pipeline between the blocking side and the system. */
    PIPELINED_TCP(folder -> new PipelinedTcp()),

    /** Which one owner has accepted, and another goes on with. */
    ADOPTED_TCP(folder -> new AdoptedTcp()),

    /** Over NIO these are the JDK's own: of options they know the sizes of the buffers alone. */
    UNIX(UnixStreams::new),
    ADOPTED_UNIX(AdoptedUnixStreams::new);

    private final Function<Path, StreamKind> kind;

    Sockets(Function<Path, StreamKind> kind) {
      this.kind = kind;
    }

    private boolean isPlain() {
      return this == TCP || this == UNIX;
    }

    private boolean isTcp() {
      return this != UNIX && this != ADOPTED_UNIX;
    }

    private boolean runsOn(Ground ground) {
      return ground == Ground.EPOLL || this == TCP || this == UNIX && ground != Ground.IO_URING;
    }
  }

  static Stream<StreamSetting> all() {
    return Ground.all()
        .flatMap(
            ground ->
                Stream.of(Sockets.values())
                    .filter(sockets -> sockets.runsOn(ground))
                    .flatMap(sockets -> of(ground, sockets)));
  }

  private static Stream<StreamSetting> of(Ground ground, Sockets sockets) {
    return Stream.of(true, false)
        .filter(accepted -> accepted || sockets.isPlain())
        .map(accepted -> new StreamSetting(ground, sockets, accepted));
  }

  static Stream<StreamSetting> tcp() {
    return all().filter(setting -> setting.sockets.isTcp());
  }

  /** Those whose options can be set; a handler's server keeps the event loops of its clients. */
  static Stream<StreamSetting> withOptions() {
    return all()
        .filter(each -> each.ground != Ground.NIO || each.sockets == Sockets.TCP)
        .filter(each -> each.ground.strategy == null || each.accepted);
  }

  /** Those that another process can go on with. */
  static Stream<StreamSetting> handingOver() {
    return all()
        .filter(each -> each.ground.strategy == null && each.ground.mechanism.hasDescriptors());
  }

  /** Those that cannot change their process. */
  static Stream<StreamSetting> notHandingOver() {
    return all().filter(each -> !each.ground.mechanism.hasDescriptors());
  }

  /** Those that have no pipeline before they are used. */
  static Stream<StreamSetting> withoutPipeline() {
    return tcp()
        .filter(each -> each.ground == Ground.EPOLL && each.accepted)
        .filter(each -> each.sockets != Sockets.PIPELINED_TCP);
  }

  /** One for each kind of listener. */
  static Stream<StreamSetting> listeners() {
    return all()
        .filter(each -> each.ground.strategy == null && each.sockets.isPlain() && each.accepted);
  }

  StreamKind kind(Path folder) {
    return sockets.kind.apply(folder);
  }

  @Override
  public String toString() {
    return sockets + (accepted ? " accepted, " : " connected, ") + ground;
  }
}
