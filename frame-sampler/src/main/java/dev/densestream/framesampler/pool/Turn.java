package dev.densestream.framesampler.pool;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** One media's claim on a slot: waiting, holding it, or ended. Guarded by its pool's lock. */
final class Turn {
  @Nullable MonoSink<ChildSlot> sink;
  @Nullable ChildSlot slot;
  boolean ended;

  /** Set on the slot's thread before the first reply is asked for. */
  volatile @Nullable Exchange exchange;
}
