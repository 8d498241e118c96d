package socketserver.contract;

/**
 * What a contract is run with.
 *
 * @param mechanism how the system is asked
 * @param kind the kind of address
 * @param accepted true for a connection that the library accepted, false for one that it made
 */
record Setting(Mechanism mechanism, StreamKind kind, boolean accepted) {}
