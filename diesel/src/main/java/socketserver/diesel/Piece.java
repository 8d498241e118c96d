package socketserver.diesel;

/**
 * What one call of send has queued.
 *
 * @param data the bytes, the piece's own
 * @param priority which pieces go first
 */
record Piece(byte[] data, int priority) {}
