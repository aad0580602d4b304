package dev.densestream.visionpipeline;

import java.time.Duration;

/**
 * For how long one thread has been in a call that nothing can interrupt. Written by that thread,
 * read by any.
 */
public final class CallClock {
  private volatile long began;
  private volatile boolean running;

  /** The call begins. */
  public void begin() {
    began = System.nanoTime();
    running = true;
  }

  /** It has returned. */
  public void end() {
    running = false;
  }

  /** How long the call under way has taken; zero where there is none. */
  public Duration elapsed() {
    return running ? Duration.ofNanos(System.nanoTime() - began) : Duration.ZERO;
  }
}
