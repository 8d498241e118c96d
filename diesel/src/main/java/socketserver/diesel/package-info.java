/**
 * The coroutine API of Python's Diesel library: services and clients written as straight-line code
 * that waits.
 *
 * <p>{@link socketserver.diesel.Diesel} has the functions, for a static import; {@link
 * socketserver.diesel.Application} runs {@link socketserver.diesel.Service}s and {@link
 * socketserver.diesel.Loop}s; a {@link socketserver.diesel.Client} connects. What else loops wait
 * for is a {@link socketserver.diesel.Waiter}: a {@link socketserver.diesel.Queue}, an {@link
 * socketserver.diesel.Event}, a {@link socketserver.diesel.Lock}.
 */
package socketserver.diesel;
