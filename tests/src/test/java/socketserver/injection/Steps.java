package socketserver.injection;

import java.lang.instrument.Instrumentation;
import java.util.Set;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.utility.OpenedClassReader;
import socketserver.spi.StackSpace;

/**
 * Puts steps into the library's classes as they are loaded: before and after each call, and before
 * memory for an array is asked for. So there is one around each lock, queue, wake-up and system
 * call, whatever the library is made of.
 *
 * <p>Not between a call that takes a lock and the {@code try} that gives it back: only a thread
 * that is stopped from outside would die there, and no code of Java's outlives that.
 */
final class Steps {
  private static final Set<String> PACKAGES =
      Set.of(
          "socketserver",
          "socketserver.netty",
          "socketserver.netty.datagram",
          "socketserver.netty.ground",
          "socketserver.netty.listen",
          "socketserver.netty.loop",
          "socketserver.netty.socket",
          "socketserver.netty.stream",
          "socketserver.select",
          "socketserver.spi",
          "socketserver.unix");

  private static final String INJECTION = Injection.class.getName().replace('.', '/');

  private static final String LOCKS = "java/util/concurrent/locks/";

  /** Nothing between the call that takes a lock and the try after it asks for memory. */
  private static final Set<String> TAKES =
      Set.of(
          "lock", "tryLock", "lockInterruptibly", "readLock", "writeLock", "isHeldByCurrentThread");

  /** Nor does anything between finally and the call that gives it back. */
  private static final Set<String> GIVES_BACK =
      Set.of("unlock", "readLock", "writeLock", "isHeldByCurrentThread");

  private Steps() {}

  static void insert(Instrumentation instrumentation) {
    AsmVisitorWrapper steps =
        new AsmVisitorWrapper.ForDeclaredMethods()
            .invokable(
                // a class whose initializer has failed is broken for all, for good
                ElementMatchers.not(ElementMatchers.isTypeInitializer()),
                (type, method, visitor, context, pool, writerFlags, readerFlags) ->
                    new Stepping(visitor));
    new AgentBuilder.Default()
        .disableClassFormatChanges()
        .type(Steps::isStepped)
        .transform((builder, type, loader, module, domain) -> builder.visit(steps))
        .installOn(instrumentation);
  }

  private static boolean isStepped(TypeDescription type) {
    return type.getPackage() != null
        && PACKAGES.contains(type.getPackage().getName())
        // calls itself, and nothing else
        && !type.represents(StackSpace.class);
  }

  private static final class Stepping extends MethodVisitor {
    Stepping(MethodVisitor code) {
      super(OpenedClassReader.ASM_API, code);
    }

    private void step() {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, INJECTION, "step", "()V", false);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      boolean lock = owner.startsWith(LOCKS);
      if (!lock || !GIVES_BACK.contains(name)) {
        step();
      }
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      if (!lock || !TAKES.contains(name)) {
        step();
      }
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      step();
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      if (opcode == Opcodes.ANEWARRAY) {
        step();
      }
      super.visitTypeInsn(opcode, type);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode == Opcodes.NEWARRAY) {
        step();
      }
      super.visitIntInsn(opcode, operand);
    }
  }
}
