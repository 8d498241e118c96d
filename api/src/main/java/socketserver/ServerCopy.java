package socketserver;

/**
 * What makes a copy of a server in another process. The constructors that take it bind nothing, and
 * leave the attributes to be set.
 */
interface ServerCopy {}
