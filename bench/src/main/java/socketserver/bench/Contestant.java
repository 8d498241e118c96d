package socketserver.bench;

import java.util.Optional;

/**
 * A server to be measured.
 *
 * @param peer whose it is
 * @param strategy what handles its requests
 * @param jdk what runs it; null for CPython
 */
record Contestant(Peer peer, String strategy, Jdk jdk) {
  /** Its name in the reports: the same in all of them. */
  String name() {
    String kind = peer == Peer.NETTY ? peer.title() : peer.title() + " " + strategy;
    return jdk == null ? kind : kind + " (" + jdk.feature() + ")";
  }

  boolean ours() {
    return peer == Peer.SOCKETSERVER || peer == Peer.DIESEL;
  }

  /** Why it cannot run, if it cannot. */
  Optional<String> obstacle() {
    boolean virtual = strategy.equals("virtual") || ours() && strategy.equals("eventloop");
    return virtual && jdk.feature() < Jdks.VIRTUAL_THREADS
        ? Optional.of(
            "skipped: needs Java "
                + Jdks.VIRTUAL_THREADS
                + " or later, found "
                + jdk.feature()
                + ": --jdk")
        : Optional.empty();
  }
}
