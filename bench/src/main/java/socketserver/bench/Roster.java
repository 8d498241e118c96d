package socketserver.bench;

import java.util.List;

/**
 * Who takes part. A strategy that runs on every Java is measured on the base JDK, virtual threads
 * and the event loop on the newest one, each beside the peers on the same.
 */
record Roster(Jdks jdks) {
  Contestant sync() {
    return base(Peer.SOCKETSERVER, "sync");
  }

  Contestant threading() {
    return base(Peer.SOCKETSERVER, "threading");
  }

  Contestant pool() {
    return base(Peer.SOCKETSERVER, "pool");
  }

  Contestant virtual() {
    return newest(Peer.SOCKETSERVER, "virtual");
  }

  Contestant eventLoop() {
    return newest(Peer.SOCKETSERVER, "eventloop");
  }

  Contestant epollBase() {
    return base(Peer.SOCKETSERVER, "epoll");
  }

  Contestant epollNewest() {
    return newest(Peer.SOCKETSERVER, "epoll");
  }

  Contestant dieselThreading() {
    return base(Peer.DIESEL, "threading");
  }

  Contestant dieselVirtual() {
    return newest(Peer.DIESEL, "virtual");
  }

  Contestant dieselEventLoop() {
    return newest(Peer.DIESEL, "eventloop");
  }

  Contestant javaNetThreads() {
    return base(Peer.JAVA_NET, "threading");
  }

  Contestant javaNetVirtual() {
    return newest(Peer.JAVA_NET, "virtual");
  }

  Contestant nettyBase() {
    return base(Peer.NETTY, "eventloop");
  }

  Contestant nettyNewest() {
    return newest(Peer.NETTY, "eventloop");
  }

  Contestant junixsocket() {
    return base(Peer.JUNIXSOCKET, "threading");
  }

  Contestant python(String strategy) {
    return new Contestant(Peer.CPYTHON, strategy, null);
  }

  private Contestant base(Peer peer, String strategy) {
    return new Contestant(peer, strategy, jdks.base());
  }

  private Contestant newest(Peer peer, String strategy) {
    return new Contestant(peer, strategy, jdks.newest());
  }

  List<Contestant> oneConnection() {
    return distinct(
        sync(),
        threading(),
        virtual(),
        eventLoop(),
        javaNetThreads(),
        javaNetVirtual(),
        nettyNewest(),
        python("sync"),
        python("threading"));
  }

  List<Contestant> lines() {
    return distinct(
        threading(),
        pool(),
        virtual(),
        eventLoop(),
        javaNetThreads(),
        javaNetVirtual(),
        nettyBase(),
        nettyNewest(),
        python("threading"));
  }

  List<Contestant> manyLines() {
    return distinct(
        threading(), virtual(), eventLoop(), javaNetThreads(), javaNetVirtual(), nettyNewest());
  }

  /** Loops of the program's own, and what they are an alternative to. */
  List<Contestant> epoll() {
    return distinct(epollBase(), epollNewest(), nettyBase(), nettyNewest(), python("epoll"));
  }

  /** Loops that take turns, beside one handler for each thread, here and in CPython. */
  List<Contestant> diesel() {
    return distinct(
        dieselThreading(),
        dieselVirtual(),
        dieselEventLoop(),
        threading(),
        eventLoop(),
        python("threading"));
  }

  List<Contestant> connect() {
    return distinct(
        threading(),
        pool(),
        virtual(),
        eventLoop(),
        javaNetThreads(),
        javaNetVirtual(),
        nettyNewest(),
        python("sync"),
        python("threading"));
  }

  List<Contestant> bulk() {
    return distinct(threading(), virtual(), eventLoop(), javaNetThreads(), javaNetVirtual());
  }

  List<Contestant> datagrams() {
    return distinct(sync(), threading(), nettyBase(), python("sync"), python("threading"));
  }

  List<Contestant> unix() {
    return distinct(threading(), virtual(), eventLoop(), junixsocket(), python("threading"));
  }

  List<Contestant> unixDatagrams() {
    return distinct(sync(), threading(), junixsocket(), python("sync"), python("threading"));
  }

  List<Contestant> idle() {
    return distinct(virtual(), eventLoop(), javaNetVirtual(), nettyNewest());
  }

  List<Contestant> tls() {
    return distinct(
        threading(), virtual(), eventLoop(), javaNetThreads(), javaNetVirtual(), nettyNewest());
  }

  List<Contestant> cold() {
    return distinct(threading(), javaNetThreads());
  }

  /** Virtual threads, which nothing takes from a handler that computes. */
  List<Contestant> mix() {
    return distinct(virtual(), eventLoop(), javaNetVirtual());
  }

  /** Each of ours beside the peer by hand that works alike. */
  List<Contestant> chat() {
    return distinct(threading(), eventLoop(), javaNetThreads(), nettyNewest());
  }

  /** The server of the examples; there is no other to compare with, only the threads it runs on. */
  List<Contestant> redis() {
    return distinct(threading(), virtual(), eventLoop());
  }

  /** Ours with the user's own handler, all on the newest JDK. */
  List<Contestant> own(List<String> strategies) {
    return strategies.stream().map(strategy -> newest(Peer.SOCKETSERVER, strategy)).toList();
  }

  /** One JDK makes one of two contestants. */
  private static List<Contestant> distinct(Contestant... contestants) {
    return List.of(contestants).stream().distinct().toList();
  }
}
