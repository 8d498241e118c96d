/** Runnable ports of Python programs, one class a program, each naming its original. */
package socketserver.examples;
