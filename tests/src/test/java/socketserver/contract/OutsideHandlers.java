package socketserver.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test that stops the event loops: a handler that runs on one of them would stop with it, so
 * {@link InHandler} runs the test on its own thread.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface OutsideHandlers {}
