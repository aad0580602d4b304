package dev.densestream.endtoend.architecture.offending;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Makes a queue without a capacity. */
public final class EndlessQueue {
  final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
}
