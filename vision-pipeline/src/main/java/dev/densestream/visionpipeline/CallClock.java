package dev.densestream.visionpipeline;

import java.time.Duration;

/**
 * For how long one thread has been at something that nothing can interrupt, such as a native call.
 * Written by that thread, read by any.
 */
public final class CallClock {
  private volatile long began;
  private volatile boolean running;

  /** It begins. */
  public void begin() {
    began = System.nanoTime();
    running = true;
  }

  /** It has ended. */
  public void end() {
    running = false;
  }

  /** How long what is under way has taken; zero where there is nothing. */
  public Duration elapsed() {
    return running ? Duration.ofNanos(System.nanoTime() - began) : Duration.ZERO;
  }
}
