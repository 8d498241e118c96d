package socketserver.diesel.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Chooses how much a channel reads at once, as Netty does, but no more than a connection's share
 * while the {@link Budget} has no room. On the event loop.
 */
final class BudgetedReads extends AdaptiveRecvByteBufAllocator {
  private final Budget budget;

  /** Reads as often as Netty's do before other channels have their turn. */
  BudgetedReads(Budget budget, int mostReads) {
    this.budget = budget;
    maxMessagesPerRead(mostReads);
  }

  @Override
  @SuppressWarnings("deprecation") // the type that the interface wants
  public Handle newHandle() {
    return new Sized(super.newHandle());
  }

  private final class Sized extends RecvByteBufAllocator.DelegatingHandle
      implements RecvByteBufAllocator.ExtendedHandle {
    @SuppressWarnings("deprecation")
    Sized(RecvByteBufAllocator.Handle adaptive) {
      super(adaptive);
    }

    @Override
    public int guess() {
      int guess = super.guess();
      return budget.hasRoom(guess) ? guess : Budget.SHARE;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(guess());
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier mayBeMore) {
      return ((RecvByteBufAllocator.ExtendedHandle) delegate()).continueReading(mayBeMore);
    }
  }
}
