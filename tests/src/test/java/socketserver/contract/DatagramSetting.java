package socketserver.contract;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a contract of datagrams is run with.
 *
 * @param ground what it runs on
 * @param sockets the kind of socket
 */
record DatagramSetting(Ground ground, Sockets sockets) implements OnGround.Setting {
  /** The kinds of sockets. */
  enum Sockets {
    UDP(folder -> new Udp()),

    /** Whose pipeline somebody has asked for. */
    PIPELINED_UDP(folder -> new PipelinedUdp()),

    /** Which one owner has bound, and another has a copy of and goes on with. */
    ADOPTED_UDP(folder -> new AdoptedUdp()),
    UNIX(UnixDatagrams::new),
    PIPELINED_UNIX(PipelinedUnixDatagrams::new),
    ADOPTED_UNIX(AdoptedUnixDatagrams::new);

    private final Function<Path, DatagramKind> kind;

    Sockets(Function<Path, DatagramKind> kind) {
      this.kind = kind;
    }

    private boolean runsOn(Ground ground) {
      return ground == Ground.EPOLL || this == UDP || this == UNIX && ground.strategy != null;
    }
  }

  static Stream<DatagramSetting> all() {
    return Ground.all()
        .flatMap(
            ground ->
                Stream.of(Sockets.values())
                    .filter(sockets -> sockets.runsOn(ground))
                    .map(sockets -> new DatagramSetting(ground, sockets)));
  }

  /** Those that have descriptors to copy, and no pipeline before somebody asks. */
  static Stream<DatagramSetting> plain() {
    return Stream.of(Sockets.UDP, Sockets.UNIX)
        .map(sockets -> new DatagramSetting(Ground.EPOLL, sockets));
  }

  DatagramKind kind(Path folder) {
    return sockets.kind.apply(folder);
  }

  @Override
  public String toString() {
    return sockets + ", " + ground;
  }
}
