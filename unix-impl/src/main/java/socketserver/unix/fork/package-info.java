/**
 * Requests in child processes: JVMs that wait, are handed a descriptor, and end. {@link
 * socketserver.unix.fork.JvmForking} is what a forking server finds.
 */
package socketserver.unix.fork;
