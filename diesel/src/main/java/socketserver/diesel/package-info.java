/**
 * The coroutine API of Python's Diesel library: services and clients written as straight-line code
 * that waits.
 */
package socketserver.diesel;
