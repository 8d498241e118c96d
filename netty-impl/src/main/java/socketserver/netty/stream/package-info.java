/** Stream sockets: the system calls, the blocking side, the pipeline, TLS. */
package socketserver.netty.stream;
